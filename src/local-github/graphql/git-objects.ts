import { type Commit, listCommits, readCommit } from '../git/commits.ts';
import { listTree, objectType, readBlob } from '../git/objects.ts';
import { runGit } from '../git/run-git.ts';
import { nodeId } from '../state/node-id.ts';
import { fullName } from '../state/queries.ts';
import type { Repository } from '../state/records.ts';
import { connection, paging } from './connection.ts';
import { type Fields, type Scope, taking } from './fields.ts';

/** GitHub cuts `Blob.text` at 512,000 bytes. */
const longestText = 512_000;

/** A git object by expression (`main:path`, `HEAD`, a sha); null when there is none. */
export async function objectFields(scope: Scope, repository: Repository, expression: string): Promise<Fields | null> {
  const directory = scope.context.state.gitDirectory(repository.id);
  const oid = fullSha.test(expression) ? expression : await parseExpression(directory, expression);
  if (oid === undefined) return null;
  switch (await objectType(directory, oid)) {
    case 'blob':
      return blobFields(scope, repository, oid);
    case 'tree':
      return treeFields(scope, repository, oid);
    case 'commit':
      return commitFields(scope, repository, await readCommit(directory, oid));
    case 'tag':
      return objectFields(scope, repository, `${oid}^{}`);
    default:
      return null;
  }
}

const fullSha = /^[0-9a-f]{40}$/;

async function parseExpression(directory: string, expression: string): Promise<string | undefined> {
  if (expression.includes('\0')) return undefined;
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', expression];
  const { stdout, code } = await runGit(directory, args, { accept: [1, 128] });
  return code === 0 ? stdout.toString().trim() : undefined;
}

function common(scope: Scope, repository: Repository, oid: string) {
  const path = `/${fullName(scope.context.state, repository)}/commit/${oid}`;
  return {
    oid,
    abbreviatedOid: oid.slice(0, 7),
    commitUrl: `${scope.context.baseUrl}${path}`,
    commitResourcePath: path,
    repository: () => scope.repository(repository),
  };
}

async function blobFields(scope: Scope, repository: Repository, oid: string): Promise<Fields> {
  const content = await readBlob(scope.context.state.gitDirectory(repository.id), oid);
  // git's own rule of thumb for binary files.
  const binary = content.subarray(0, 8000).includes(0);
  return {
    __typename: 'Blob',
    ...common(scope, repository, oid),
    id: nodeId('blob', `${repository.id}:${oid}`),
    byteSize: content.length,
    isBinary: binary,
    isTruncated: content.length > longestText,
    text: binary ? null : content.subarray(0, longestText).toString('utf8'),
  };
}

function treeFields(scope: Scope, repository: Repository, oid: string): Fields {
  return {
    __typename: 'Tree',
    ...common(scope, repository, oid),
    id: nodeId('tree', `${repository.id}:${oid}`),
    entries: async () =>
      (await listTree(scope.context.state.gitDirectory(repository.id), oid)).map((entry) => ({
        __typename: 'TreeEntry',
        name: entry.path,
        path: entry.path,
        mode: Number.parseInt(entry.mode, 8),
        type: entry.type,
        oid: entry.sha,
        size: entry.size ?? 0,
        object: () => (entry.type === 'commit' ? null : objectFields(scope, repository, entry.sha)),
      })),
  };
}

export function commitFields(scope: Scope, repository: Repository, commit: Commit): Fields {
  const [headline = '', ...rest] = commit.message.split('\n');
  const person = ({ name, email, date }: Commit['author']) => ({ __typename: 'GitActor', name, email, date });
  return {
    __typename: 'Commit',
    ...common(scope, repository, commit.sha),
    id: nodeId('commit', `${repository.id}:${commit.sha}`),
    url: common(scope, repository, commit.sha).commitUrl,
    message: commit.message,
    messageHeadline: headline,
    messageBody: rest.join('\n').trim(),
    authoredDate: commit.author.date,
    committedDate: commit.committer.date,
    author: person(commit.author),
    committer: person(commit.committer),
    tree: () => treeFields(scope, repository, commit.tree),
    parents: taking(paging, async (page) => {
      const directory = scope.context.state.gitDirectory(repository.id);
      const parents = await Promise.all(commit.parents.map((parent) => readCommit(directory, parent)));
      return commitConnection(scope, repository, parents, page, 'parents');
    }),
    history: taking(paging, async (page) =>
      commitConnection(
        scope,
        repository,
        await listCommits(scope.context.state.gitDirectory(repository.id), [commit.sha]),
        page,
        'history',
      ),
    ),
  };
}

function commitConnection(
  scope: Scope,
  repository: Repository,
  commits: readonly Commit[],
  page: Parameters<typeof connection>[1],
  field: 'parents' | 'history',
): Fields {
  return connection(commits, page, {
    type: field === 'parents' ? 'CommitConnection' : 'CommitHistoryConnection',
    field,
    key: (commit) => commit.sha,
    node: (commit) => commitFields(scope, repository, commit),
  });
}
