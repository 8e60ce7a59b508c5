import type { Context } from '../context.ts';
import { fullName, issueByNumber, repositoryByName } from '../state/queries.ts';
import type { Issue, Repository } from '../state/records.ts';
import { encodePath } from './html.ts';
import type { References } from './markdown-references.ts';

export function repositoryPath(context: Context, repository: Repository): string {
  return `/${encodePath(fullName(context.state, repository))}`;
}

export function issuePath(context: Context, issue: Issue): string {
  const repository = context.state.repositories.need(issue.repositoryId);
  return `${repositoryPath(context, repository)}/${issue.pull === null ? 'issues' : 'pull'}/${issue.number}`;
}

/** What texts in a repository may refer to. */
export function referencesIn(context: Context, repository: Repository): References {
  const { state } = context;
  const own = fullName(state, repository).toLowerCase();
  return {
    issue: (name, number) => {
      const [owner = '', repo = ''] = name?.split('/') ?? [];
      const home = name === null ? repository : repositoryByName(state, owner, repo);
      const found = home === undefined ? undefined : issueByNumber(state, home.id, number);
      return found === undefined ? undefined : issuePath(context, found);
    },
    mention: (login) => {
      const found = state.accounts.find((account) => account.login.toLowerCase() === login.toLowerCase());
      return found === undefined ? undefined : `/${encodeURIComponent(found.login)}`;
    },
    shorten: (url) => {
      if (!url.startsWith(`${context.baseUrl}/`)) return undefined;
      const match = /^\/([\w.-]+\/[\w.-]+)\/(?:issues|pull)\/(\d+)$/.exec(url.slice(context.baseUrl.length));
      if (match === null) return undefined;
      const [, name = '', number = ''] = match;
      return `${name.toLowerCase() === own ? '' : name}#${number}`;
    },
  };
}
