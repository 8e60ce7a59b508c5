import { timestamp } from '../render-json/time.ts';
import { accountNodeId } from '../state/account-node-id.ts';
import type { Account } from '../state/records.ts';
import { connection, paging } from './connection.ts';
import { type Fields, type Scope, taking } from './fields.ts';

/** `User`, `Bot` or `Organization`. @param as GitHub's `viewer` is a `User` even for an app's token. */
export function accountFields(scope: Scope, account: Account, as: Account['type'] = account.type): Fields {
  const { baseUrl, state } = scope.context;
  const path =
    account.type === 'Bot' ? `/apps/${account.login.replace(/\[bot\]$/, '')}` : `/${encodeURIComponent(account.login)}`;
  return {
    __typename: as,
    id: accountNodeId(account),
    databaseId: account.id,
    login: account.login,
    name: account.name,
    url: `${baseUrl}${path}`,
    resourcePath: path,
    avatarUrl: `${baseUrl}/avatars/u/${account.id}?v=4`,
    createdAt: timestamp(account.createdAt),
    updatedAt: timestamp(account.createdAt),
    repositories: taking(paging, (page) => {
      const owned = state.repositories
        .where((repository) => repository.ownerId === account.id)
        .flatMap((repository) => {
          const fields = scope.repository(repository);
          return fields === null ? [] : [{ id: repository.id, fields }];
        });
      return connection(owned, page, {
        type: 'RepositoryConnection',
        field: 'repositories',
        key: ({ id }) => id,
        node: ({ fields }) => fields,
      });
    }),
  };
}
