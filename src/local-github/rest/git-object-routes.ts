import { z } from 'zod';
import { ApiError, notFound, validationFailed } from '../api-error.ts';
import type { Context } from '../context.ts';
import { type Person, readCommit, writeCommit } from '../git/commits.ts';
import { listTree, objectType, readBlob, type TreeEntry, writeBlob, writeTree } from '../git/objects.ts';
import { resolveCommit } from '../git/refs.ts';
import { gitText } from '../git/run-git.ts';
import { personOf, webFlow } from '../operations/put-file.ts';
import { renderGitCommit } from '../render-json/commit.ts';
import { timestamp } from '../render-json/time.ts';
import { nodeId } from '../state/node-id.ts';
import { fullName } from '../state/queries.ts';
import type { Repository } from '../state/records.ts';
import { noBody, noQuery } from './call.ts';
import { readRoute, writeRoute } from './route.ts';

const sha = z.string().regex(/^[0-9a-f]{40}$/, 'is not a sha');
const person = z.strictObject({
  name: z.string(),
  email: z.string(),
  date: z.iso.datetime({ offset: true }).optional(),
});
const treeItem = z.strictObject({
  path: z.string().min(1),
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
      const changes = await Promise.all(body.tree.map((item) => changeOf(directory, item)));
      const written = await writeTree(directory, base, changes);
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
      message: z.string().min(1),
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

async function changeOf(directory: string, item: z.infer<typeof treeItem>) {
  const { path, mode } = item;
  if (item.content !== undefined && item.sha !== undefined) {
    throw new ApiError(422, 'Must supply either tree.sha or tree.content, not both');
  }
  if (item.content !== undefined) return { path, mode, sha: await writeBlob(directory, Buffer.from(item.content)) };
  if (item.sha === undefined) throw new ApiError(422, 'Must supply tree.sha or tree.content');
  const wanted = mode === '160000' ? undefined : mode === '040000' ? 'tree' : 'blob';
  if (item.sha !== null && wanted !== undefined && (await objectType(directory, item.sha)) !== wanted) {
    throw new ApiError(422, `tree.sha ${item.sha} is not a valid ${wanted}`);
  }
  return { path, mode, sha: item.sha };
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
