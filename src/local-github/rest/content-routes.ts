import { posix } from 'node:path';
import { z } from 'zod';
import { mayChangeWorkflows } from '../access/workflows.ts';
import { ApiError, notFound } from '../api-error.ts';
import type { Person } from '../git/commits.ts';
import { entryAt, listTree, readBlob, type TreeEntry } from '../git/objects.ts';
import { resolveCommit } from '../git/refs.ts';
import { submoduleUrl } from '../git/submodules.ts';
import { checkPath } from '../operations/check-path.ts';
import { putFile } from '../operations/put-file.ts';
import { renderGitCommit } from '../render-json/commit.ts';
import { renderEntry, renderFile, renderListedEntry, renderSubmodule } from '../render-json/content.ts';
import { timestamp } from '../render-json/time.ts';
import type { Answer } from './call.ts';
import { noBody } from './call.ts';
import { commitMessage, person } from './commit-fields.ts';
import { type ReadCall, readRoute, type WriteCall, writeRoute } from './route.ts';

const refQuery = z.strictObject({ ref: z.string().optional() });
const base64 = z.string().regex(/^[A-Za-z0-9+/=\s]*$/, 'content is not valid Base64');
const written = {
  message: commitMessage,
  branch: z.string().optional(),
  committer: person.optional(),
  author: person.optional(),
};
const putBody = z.strictObject({ ...written, content: base64, sha: z.string().optional() });
/** Dates are taken where a file is written, not where it is deleted. */
const undated = person.omit({ date: true }).optional();
const deleteBody = z.strictObject({ ...written, committer: undated, author: undated, sha: z.string() });

export const contentRoutes = [
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/contents/{path+}',
    lastIsOptional: true,
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
  const path = value('path').replace(/^\/+|\/+$/g, '');
  if (path !== '') checkPath('path', path);
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
      body: below.map((child) => renderListedEntry(context, repository, ref, { ...child, path: prefix + child.path })),
    };
  }
  if (entry.type === 'commit') {
    const written = await submoduleUrl(directory, commit, path);
    return { status: 200, body: renderSubmodule(context, repository, ref, entry, written) };
  }
  const { content, target } = await contentOf(directory, commit, entry);
  if (raw.media === 'raw') {
    return {
      status: 200,
      body: content,
      headers: { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' },
    };
  }
  if (target !== null) return { status: 200, body: { ...renderEntry(context, repository, ref, entry), target } };
  const size = content.length;
  return { status: 200, body: renderFile(context, repository, ref, { entry: { ...entry, size }, content }) };
}

/** GitHub follows a link to a file here. @returns `target` of a link that leads to none, null otherwise */
async function contentOf(
  directory: string,
  commit: string,
  entry: TreeEntry,
): Promise<{ content: Buffer; target: string | null }> {
  const content = await readBlob(directory, entry.sha);
  if (entry.mode !== '120000') return { content, target: null };
  const target = content.toString();
  // Whatever ends like a folder leads to none of the files.
  const away = target.startsWith('/') || /(^|\/)\.{0,2}$/.test(target);
  const place = posix.join(posix.dirname(entry.path), target);
  const aim = away ? undefined : await entryAt(directory, commit, place);
  if (aim?.type !== 'blob' || aim.mode === '120000') return { content, target };
  return { content: await readBlob(directory, aim.sha), target: null };
}

async function write(
  call: WriteCall<unknown, z.infer<typeof deleteBody> | z.infer<typeof putBody>>,
  content: Buffer | null,
): Promise<Answer> {
  const { context, repository, author, body } = call;
  const path = call.path('path');
  if (path.startsWith('.github/workflows/') && !mayChangeWorkflows(call.actor)) {
    throw new ApiError(403, 'Resource not accessible by integration');
  }
  const branch = body.branch ?? repository.defaultBranch;
  const dated = (who: z.infer<typeof person>): Person => ({ ...who, date: who.date ?? timestamp(context.now()) });
  const { commit, created, blob } = await putFile(context, author, repository, {
    path,
    content,
    message: body.message,
    branch,
    ...(body.sha === undefined ? {} : { sha: body.sha }),
    ...(body.author === undefined ? {} : { author: dated(body.author) }),
    ...(body.committer === undefined ? {} : { committer: dated(body.committer) }),
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
