import type { Context } from '../context.ts';
import type { Commit, Person } from '../git/commits.ts';
import type { FileDiff } from '../git/diff.ts';
import { nodeId } from '../state/node-id.ts';
import { fullName } from '../state/queries.ts';
import type { Account, Repository } from '../state/records.ts';
import { renderSimpleUser } from './account.ts';

/** GitHub signs what it commits itself, which its own committer tells; anything else is unsigned here. */
function verificationOf(commit: Commit) {
  if (commit.committer.email !== 'noreply@github.com') {
    return { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };
  }
  const signature = '-----BEGIN PGP SIGNATURE-----\n\n-----END PGP SIGNATURE-----\n';
  return {
    verified: true,
    reason: 'valid',
    signature,
    payload: `tree ${commit.tree}\n`,
    verified_at: commit.committer.date,
  };
}

/** The account that a commit's address belongs to: GitHub's own `<id>+<login>@users.noreply…` form. */
export function accountOfPerson(context: Context, person: Person): Account | undefined {
  const id = /^(\d+)\+.+@users\.noreply\./.exec(person.email)?.[1];
  return id === undefined ? undefined : context.state.accounts.get(Number(id));
}

/** The address under which GitHub writes commits for an account. */
export function noReplyAddress(account: Account): string {
  return `${account.id}+${account.login}@users.noreply.github.com`;
}

function urls(context: Context, repository: Repository, sha: string) {
  const name = fullName(context.state, repository);
  return {
    api: `${context.baseUrl}/api/v3/repos/${name}`,
    page: `${context.baseUrl}/${name}/commit/${sha}`,
  };
}

/** The commit object of `/commits`, of pull requests and comparisons. */
export function renderCommit(context: Context, repository: Repository, commit: Commit) {
  const { api, page } = urls(context, repository, commit.sha);
  const account = (person: Person) => {
    const found = accountOfPerson(context, person);
    return found === undefined ? null : renderSimpleUser(context, found);
  };
  return {
    sha: commit.sha,
    node_id: nodeId('commit', `${repository.id}:${commit.sha}`),
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
      url: `${api}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: verificationOf(commit),
    },
    url: `${api}/commits/${commit.sha}`,
    html_url: page,
    comments_url: `${api}/commits/${commit.sha}/comments`,
    author: account(commit.author),
    committer: account(commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/commits/${sha}`,
      html_url: urls(context, repository, sha).page,
    })),
  };
}

/** The commit object of the git database. */
export function renderGitCommit(context: Context, repository: Repository, commit: Commit) {
  const { api, page } = urls(context, repository, commit.sha);
  return {
    sha: commit.sha,
    node_id: nodeId('commit', `${repository.id}:${commit.sha}`),
    url: `${api}/git/commits/${commit.sha}`,
    html_url: page,
    author: commit.author,
    committer: commit.committer,
    tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/git/commits/${sha}`,
      html_url: urls(context, repository, sha).page,
    })),
    verification: verificationOf(commit),
  };
}

/** One changed file. @param head the commit after the change, for the links. */
export function renderFileDiff(context: Context, repository: Repository, head: string, file: FileDiff) {
  const name = fullName(context.state, repository);
  const path = file.filename.split('/').map(encodeURIComponent).join('/');
  return {
    sha: file.sha,
    filename: file.filename,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${context.baseUrl}/${name}/blob/${head}/${path}`,
    raw_url: `${context.baseUrl}/${name}/raw/${head}/${path}`,
    contents_url: `${context.baseUrl}/api/v3/repos/${name}/contents/${path}?ref=${head}`,
    ...(file.patch === null ? {} : { patch: file.patch }),
    ...(file.previousFilename === null ? {} : { previous_filename: file.previousFilename }),
  };
}
