import { z } from 'zod';
import { ApiError, notFound } from '../api-error.ts';
import type { Context } from '../context.ts';
import { entryAt, listTree, readBlob, type TreeEntry } from '../git/objects.ts';
import { resolveCommit } from '../git/refs.ts';
import { putFile } from '../operations/put-file.ts';
import { renderGitCommit } from '../render-json/commit.ts';
import { timestamp } from '../render-json/time.ts';
import { fullName } from '../state/queries.ts';
import type { Repository } from '../state/records.ts';
import type { Answer } from './call.ts';
import { noBody } from './call.ts';
import { type ReadCall, readRoute, type WriteCall, writeRoute } from './route.ts';
import { mayChangeWorkflows } from './workflows.ts';

const refQuery = z.strictObject({ ref: z.string().optional() });
const person = z.strictObject({
  name: z.string(),
  email: z.string(),
  date: z.iso.datetime({ offset: true }).optional(),
});
const base64 = z.string().regex(/^[A-Za-z0-9+/=\s]*$/, 'content is not valid Base64');
const written = {
  message: z.string().min(1),
  branch: z.string().optional(),
  committer: person.optional(),
  author: person.optional(),
};
const putBody = z.strictObject({ ...written, content: base64, sha: z.string().optional() });
const deleteBody = z.strictObject({ ...written, sha: z.string() });

export const contentRoutes = [
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/contents/{path+}',
    need: 'contents',
    query: refQuery,
    body: noBody,
    handler: (call) => readContents(call, call.query.ref),
  }),
  writeRoute({
    method: 'PUT',
    path: '/repos/{owner}/{repo}/contents/{path+}',
    need: 'contents',
    query: z.strictObject({}),
    body: putBody,
    resource: 'Content',
    handler: (call) => write(call, Buffer.from(call.body.content, 'base64')),
  }),
  writeRoute({
    method: 'DELETE',
    path: '/repos/{owner}/{repo}/contents/{path+}',
    need: 'contents',
    query: z.strictObject({}),
    body: deleteBody,
    resource: 'Content',
    handler: (call) => write(call, null),
  }),
];

async function readContents(
  { context, repository, directory, path: value, raw }: ReadCall,
  wantedRef: string | undefined,
): Promise<Answer> {
  const path = cleanPath(value('path'));
  const ref = wantedRef ?? repository.defaultBranch;
  const commit = await resolveCommit(directory, ref);
  if (commit === undefined) {
    if (wantedRef !== undefined) throw new ApiError(404, `No commit found for the ref ${wantedRef}`);
    throw new ApiError(404, repository.empty ? 'This repository is empty.' : 'Not Found');
  }
  const entry = path === '' ? undefined : await entryAt(directory, commit, path);
  if (path !== '' && entry === undefined) throw notFound();
  if (entry === undefined || entry.type === 'tree') {
    const below = await listTree(directory, commit, { path });
    const prefix = path === '' ? '' : `${path}/`;
    return {
      status: 200,
      body: below.map((child) => renderEntry(context, repository, ref, { ...child, path: prefix + child.path })),
    };
  }
  if (entry.type === 'commit') return { status: 200, body: renderEntry(context, repository, ref, entry) };
  const content = await readBlob(directory, entry.sha);
  if (raw.media === 'raw') {
    return {
      status: 200,
      body: content.toString(),
      headers: { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' },
    };
  }
  return {
    status: 200,
    body: { ...renderEntry(context, repository, ref, entry), encoding: 'base64', content: wrapped(content) },
  };
}

async function write(
  call: WriteCall<unknown, z.infer<typeof deleteBody> | z.infer<typeof putBody>>,
  content: Buffer | null,
): Promise<Answer> {
  const { context, repository, author, body } = call;
  const path = cleanPath(call.path('path'));
  if (path.startsWith('.github/workflows/') && !mayChangeWorkflows(call.actor)) {
    throw new ApiError(403, 'Resource not accessible by integration');
  }
  const branch = body.branch ?? repository.defaultBranch;
  const now = timestamp(context.now());
  const { commit, created, blob } = await putFile(context, author, repository, {
    path,
    content,
    message: body.message,
    branch,
    ...(body.sha === undefined ? {} : { sha: body.sha }),
    ...(body.author === undefined ? {} : { author: { ...body.author, date: body.author.date ?? now } }),
    ...(body.committer === undefined ? {} : { committer: { ...body.committer, date: body.committer.date ?? now } }),
  });
  const entry: TreeEntry = { mode: '100644', type: 'blob', sha: blob ?? '', path, size: content?.length ?? 0 };
  return {
    status: created ? 201 : 200,
    body: {
      content: blob === null ? null : renderEntry(context, repository, branch, entry),
      commit: renderGitCommit(context, repository, commit),
    },
  };
}

/** @throws ApiError 422 for paths that git could not hold */
function cleanPath(path: string): string {
  const clean = path.replace(/^\/+|\/+$/g, '');
  if (clean.split('/').some((part) => part === '..' || part === '.' || part === '.git')) {
    throw new ApiError(422, 'path contains a malformed path component');
  }
  return clean;
}

/** GitHub wraps Base64 at 60 characters. */
function wrapped(content: Buffer): string {
  return content.toString('base64').replace(/.{1,60}/g, '$&\n');
}

function renderEntry(context: Context, repository: Repository, ref: string, entry: TreeEntry) {
  const name = fullName(context.state, repository);
  const path = entry.path.split('/').map(encodeURIComponent).join('/');
  const api = `${context.baseUrl}/api/v3/repos/${name}`;
  const directory = entry.type === 'tree';
  const url = `${api}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  const git = `${api}/git/${directory ? 'trees' : 'blobs'}/${entry.sha}`;
  const page = `${context.baseUrl}/${name}/${directory ? 'tree' : 'blob'}/${ref}/${path}`;
  return {
    type: directory ? 'dir' : entry.type === 'commit' ? 'submodule' : entry.mode === '120000' ? 'symlink' : 'file',
    size: entry.size ?? 0,
    name: entry.path.split('/').at(-1) ?? '',
    path: entry.path,
    sha: entry.sha,
    url,
    git_url: git,
    html_url: page,
    download_url: directory ? null : `${context.baseUrl}/${name}/raw/${ref}/${path}`,
    _links: { self: url, git, html: page },
  };
}
