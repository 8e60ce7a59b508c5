import { z } from 'zod';
import { listRefs } from '../git/refs.ts';
import { nodeId } from '../state/node-id.ts';
import type { Repository } from '../state/records.ts';
import { connection, paging } from './connection.ts';
import type { Fields, Scope } from './fields.ts';
import { objectFields } from './git-objects.ts';

/** A branch or tag by its full or short name; null when there is none. */
export async function refFields(scope: Scope, repository: Repository, name: string): Promise<Fields | null> {
  const directory = scope.context.state.gitDirectory(repository.id);
  const spellings = name.startsWith('refs/') ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`];
  const refs = await listRefs(directory);
  for (const spelling of spellings) {
    const sha = refs.get(spelling);
    if (sha !== undefined) return fieldsOf(scope, repository, spelling, sha);
  }
  return null;
}

function fieldsOf(scope: Scope, repository: Repository, ref: string, sha: string): Fields {
  const prefix = /^refs\/[^/]+\//.exec(ref)?.[0] ?? 'refs/';
  return {
    __typename: 'Ref',
    id: nodeId('ref', `${repository.id}:${ref}`),
    name: ref.slice(prefix.length),
    prefix,
    target: () => objectFields(scope, repository, sha),
    repository: () => scope.repository(repository),
  };
}

export const refsArguments = paging.extend({ refPrefix: z.string(), query: z.string().nullish() });

export async function refsConnection(
  scope: Scope,
  repository: Repository,
  args: z.output<typeof refsArguments>,
): Promise<Fields> {
  const refs = await listRefs(scope.context.state.gitDirectory(repository.id), args.refPrefix);
  const found = [...refs].filter(([ref]) => args.query == null || ref.includes(args.query));
  return connection(found, args, {
    type: 'RefConnection',
    field: 'refs',
    key: ([ref]) => ref,
    node: ([ref, sha]) => fieldsOf(scope, repository, ref, sha),
  });
}
