import { z } from 'zod';
import { ApiError, notFound, validationFailed } from '../api-error.ts';
import type { Context } from '../context.ts';
import { type Person, readCommit, writeCommit } from '../git/commits.ts';
import { entryAt, listTree, objectType, readBlob, type TreeEntry, writeBlob } from '../git/objects.ts';
import { resolveCommit, zeroSha } from '../git/refs.ts';
import { gitText } from '../git/run-git.ts';
import { type TreeChange, writeTree } from '../git/write-tree.ts';
import { checkPath, refusedByGit } from '../operations/check-path.ts';
import { personOf, webFlow } from '../operations/put-file.ts';
import { renderGitCommit } from '../render-json/commit.ts';
import { timestamp } from '../render-json/time.ts';
import { nodeId } from '../state/node-id.ts';
import { fullName } from '../state/queries.ts';
import type { Repository } from '../state/records.ts';
import { noBody, noQuery } from './call.ts';
import { commitMessage, person } from './commit-fields.ts';
import { readRoute, writeRoute } from './route.ts';

const sha = z.string().regex(/^[0-9a-f]{40}$/, 'is not a sha');
const treeItem = z.strictObject({
  path: z.string(),
  mode: z.enum(['100644', '100755', '040000', '160000', '120000']),
  type: z.enum(['blob', 'tree', 'commit']).optional(),
  sha: sha.nullable().optional(),
  content: z.string().optional(),
});

export const gitObjectRoutes = [
  writeRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/git/blobs',
    need: 'contents',
    query: noQuery,
    body: z.strictObject({ content: z.string(), encoding: z.enum(['utf-8', 'base64']).default('utf-8') }),
    resource: 'Blob',
    handler: async ({ context, repository, directory, body }) => {
      refuseEmpty(repository);
      const content = Buffer.from(body.content, body.encoding === 'base64' ? 'base64' : 'utf8');
      const written = await writeBlob(directory, content);
      return { status: 201, body: { sha: written, url: `${apiOf(context, repository)}/git/blobs/${written}` } };
    },
  }),
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/blobs/{file_sha}',
    need: 'contents',
    query: noQuery,
    body: noBody,
    handler: async ({ context, repository, directory, path }) => {
      if ((await objectType(directory, path('file_sha'))) !== 'blob') throw notFound();
      const content = await readBlob(directory, path('file_sha'));
      return {
        status: 200,
        body: {
          sha: path('file_sha'),
          node_id: nodeId('blob', `${repository.id}:${path('file_sha')}`),
          size: content.length,
          url: `${apiOf(context, repository)}/git/blobs/${path('file_sha')}`,
          content: content.toString('base64').replace(/.{1,60}/g, '$&\n'),
          encoding: 'base64',
        },
      };
    },
  }),
  writeRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/git/trees',
    need: 'contents',
    query: noQuery,
    body: z.strictObject({ tree: z.array(treeItem).min(1), base_tree: z.string().optional() }),
    resource: 'Tree',
    handler: async ({ context, repository, directory, body }) => {
      refuseEmpty(repository);
      const base = body.base_tree === undefined ? null : await treeOf(directory, body.base_tree);
      refuseOverlaps(body.tree.map(({ path }) => path));
      const changes: TreeChange[] = [];
      // One after the other: a request may hold thousands, and each asks git.
      for (const item of body.tree) changes.push(await changeOf(directory, base, item));
      const written = await writeTree(directory, base, changes).catch(refusedByGit('tree.path'));
      const entries = await listTree(directory, written);
      return { status: 201, body: renderTree(context, repository, written, entries) };
    },
  }),
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/trees/{tree_sha}',
    need: 'contents',
    query: z.strictObject({ recursive: z.string().optional() }),
    body: noBody,
    handler: async ({ context, repository, directory, path, query }) => {
      const found = await treeOf(directory, path('tree_sha')).catch(() => undefined);
      if (found === undefined) throw notFound();
      const entries = await listTree(directory, found, { recursive: query.recursive !== undefined });
      return { status: 200, body: renderTree(context, repository, found, entries) };
    },
  }),
  writeRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/git/commits',
    need: 'contents',
    query: noQuery,
    body: z.strictObject({
      message: commitMessage,
      tree: sha,
      parents: z.array(sha).default([]),
      author: person.optional(),
      committer: person.optional(),
      signature: z.string().optional(),
    }),
    resource: 'Commit',
    handler: async ({ context, repository, directory, author, body }) => {
      if ((await objectType(directory, body.tree)) !== 'tree') throw new ApiError(422, 'Tree SHA does not exist');
      for (const parent of body.parents) {
        if ((await objectType(directory, parent)) !== 'commit') {
          throw new ApiError(422, 'Parent SHA does not exist or is not a commit object');
        }
      }
      const now = timestamp(context.now());
      const dated = (who: z.infer<typeof person>): Person => ({ ...who, date: who.date ?? now });
      // Without own author and committer GitHub commits for the app and signs; with one it does neither.
      const own = body.author === undefined ? undefined : dated(body.author);
      const committer = body.committer === undefined ? (own ?? webFlow(context)) : dated(body.committer);
      const written = await writeCommit(directory, {
        tree: body.tree,
        parents: body.parents,
        message: body.message,
        author: own ?? (body.committer === undefined ? personOf(context, author) : committer),
        committer,
      });
      return { status: 201, body: renderGitCommit(context, repository, await readCommit(directory, written)) };
    },
  }),
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/git/commits/{commit_sha}',
    need: 'contents',
    query: noQuery,
    body: noBody,
    handler: async ({ context, repository, directory, path }) => {
      if ((await objectType(directory, path('commit_sha'))) !== 'commit') throw notFound();
      const found = await readCommit(directory, path('commit_sha'));
      return { status: 200, body: renderGitCommit(context, repository, found) };
    },
  }),
];

export function apiOf(context: Context, repository: Repository): string {
  return `${context.baseUrl}/api/v3/repos/${fullName(context.state, repository)}`;
}

export function refuseEmpty(repository: Repository): void {
  if (repository.empty) throw new ApiError(409, 'Git Repository is empty.');
}

/** The tree of a tree's or commit's sha, or of a branch. @throws ApiError 422 */
async function treeOf(directory: string, treeish: string): Promise<string> {
  const object = (await objectType(directory, treeish)) ?? '';
  if (object === 'tree') return treeish;
  const commit = await resolveCommit(directory, treeish);
  if (commit === undefined) throw validationFailed({ resource: 'Tree', field: 'base_tree', code: 'invalid' });
  return gitText(directory, ['rev-parse', `${commit}^{tree}`]);
}

/** What it means for a path and one below it to be written at once GitHub says nowhere. @throws ApiError 422 */
function refuseOverlaps(paths: readonly string[]): void {
  const all = new Set(paths);
  if (all.size < paths.length) throw new ApiError(422, 'tree.path must be given once');
  for (const path of all) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const above = path.slice(0, end);
      if (all.has(above)) throw new ApiError(422, `tree.path ${path} lies below ${above}, which is written as well`);
    }
  }
}

/** @throws ApiError 422 for what no tree can hold, and for removing what is not there */
async function changeOf(
  directory: string,
  base: string | null,
  { path, mode, sha: wanted, content }: z.infer<typeof treeItem>,
): Promise<TreeChange> {
  checkPath('tree.path', path);
  const kind = mode === '160000' ? 'commit' : mode === '040000' ? 'tree' : 'blob';
  if (content !== undefined) {
    if (wanted !== undefined) throw new ApiError(422, 'Must supply either tree.sha or tree.content, not both');
    if (kind !== 'blob') throw new ApiError(422, `tree.content cannot be a ${kind}`);
    return { path, mode, sha: await writeBlob(directory, Buffer.from(content)) };
  }
  if (wanted === undefined) throw new ApiError(422, 'Must supply tree.sha or tree.content');
  if (wanted === null) {
    const before = base === null ? undefined : await entryAt(directory, base, path);
    // A folder's files would stay where it is removed as if it were a file.
    if (before === undefined || (before.type === 'tree') !== (kind === 'tree')) {
      throw new ApiError(422, 'GitRPC::BadObjectState');
    }
    return { path, mode, sha: null };
  }
  // A submodule's commit is in another repository.
  const known = kind === 'commit' ? wanted !== zeroSha : (await objectType(directory, wanted)) === kind;
  if (!known) throw new ApiError(422, `tree.sha ${wanted} is not a valid ${kind}`);
  return { path, mode, sha: wanted };
}

function renderTree(context: Context, repository: Repository, tree: string, entries: readonly TreeEntry[]) {
  const api = apiOf(context, repository);
  return {
    sha: tree,
    url: `${api}/git/trees/${tree}`,
    tree: entries.map(({ path, mode, type, sha: object, size }) => ({
      path,
      mode,
      type,
      sha: object,
      ...(size === null ? {} : { size }),
      ...(type === 'commit' ? {} : { url: `${api}/git/${type}s/${object}` }),
    })),
    truncated: false,
  };
}
