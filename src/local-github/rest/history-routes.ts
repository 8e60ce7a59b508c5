import { z } from 'zod';
import { ApiError, notFound } from '../api-error.ts';
import type { Context } from '../context.ts';
import { type Commit, countCommits, listCommits, type Person, readCommit } from '../git/commits.ts';
import { diffFiles, diffText, emptyTree, patchText } from '../git/diff.ts';
import { listRefs, mergeBase, resolveCommit } from '../git/refs.ts';
import { isTreePath } from '../git/tree-path.ts';
import { accountOfPerson, renderCommit, renderFileDiff } from '../render-json/commit.ts';
import { fullName } from '../state/queries.ts';
import type { Repository } from '../state/records.ts';
import { noBody, noQuery, textAnswer } from './call.ts';
import { linkHeader, pageOf, paging } from './paging.ts';
import { type ReadCall, readRoute } from './route.ts';

export const historyRoutes = [
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/branches',
    need: 'contents',
    query: z.strictObject({ ...paging, protected: z.stringbool().optional() }),
    body: noBody,
    handler: async ({ context, repository, directory, raw, query }) => {
      const branches = [...(await listRefs(directory, 'refs/heads/'))]
        .map(([ref, sha]) => ({ name: ref.slice('refs/heads/'.length), sha }))
        .filter(({ name }) => query.protected === undefined || query.protected === isProtected(repository, name));
      return pageOf(raw, query, branches, ({ name, sha }) => ({
        name,
        commit: { sha, url: `${context.baseUrl}/api/v3/repos/${fullName(context.state, repository)}/commits/${sha}` },
        protected: isProtected(repository, name),
      }));
    },
  }),
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/branches/{branch+}',
    need: 'contents',
    query: noQuery,
    body: noBody,
    handler: async ({ context, repository, directory, path }) => {
      const name = path('branch');
      const sha = (await listRefs(directory, `refs/heads/${name}`)).get(`refs/heads/${name}`);
      if (sha === undefined) throw new ApiError(404, 'Branch not found');
      return { status: 200, body: await renderBranch(context, repository, directory, name, sha) };
    },
  }),
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits',
    need: 'contents',
    query: z.strictObject({
      ...paging,
      sha: z.string().optional(),
      path: z.string().optional(),
      author: z.string().optional(),
      committer: z.string().optional(),
      since: z.iso.datetime({ offset: true }).optional(),
      until: z.iso.datetime({ offset: true }).optional(),
    }),
    body: noBody,
    handler: async ({ context, repository, directory, raw, query }) => {
      if (repository.empty) throw new ApiError(409, 'Git Repository is empty.');
      const head = await resolveCommit(directory, query.sha ?? repository.defaultBranch);
      if (head === undefined) throw notFound();
      const all = (await commitsOf(directory, head, query.path)).filter(
        ({ committer, author }) =>
          (query.since === undefined || Date.parse(committer.date) >= Date.parse(query.since)) &&
          (query.until === undefined || Date.parse(committer.date) <= Date.parse(query.until)) &&
          isBy(context, author, query.author) &&
          isBy(context, committer, query.committer),
      );
      return pageOf(raw, query, all, (commit) => renderCommit(context, repository, commit));
    },
  }),
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/commits/{ref+}',
    need: 'contents',
    query: z.strictObject(paging),
    body: noBody,
    handler: (call) => readOneCommit(call),
  }),
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/compare/{basehead+}',
    need: 'contents',
    query: z.strictObject(paging),
    body: noBody,
    handler: (call) => compare(call, call.query),
  }),
];

/** Of a path without its last slash; nothing ever lay where nothing can lie. */
async function commitsOf(directory: string, head: string, wanted = ''): Promise<Commit[]> {
  const path = wanted.replace(/\/+$/, '');
  if (wanted === '') return listCommits(directory, [head]);
  return isTreePath(path) ? listCommits(directory, [head], { path }) : [];
}

/** By login or address, never by a display name; anybody when nobody is asked for. */
function isBy(context: Context, person: Person, wanted: string | undefined): boolean {
  if (wanted === undefined || person.email === wanted) return true;
  return accountOfPerson(context, person)?.login === wanted;
}

function isProtected(repository: Repository, branch: string): boolean {
  return repository.protectedBranches.includes(branch);
}

async function renderBranch(context: Context, repository: Repository, directory: string, name: string, sha: string) {
  const repo = fullName(context.state, repository);
  const api = `${context.baseUrl}/api/v3/repos/${repo}/branches/${encodeURIComponent(name)}`;
  const locked = isProtected(repository, name);
  return {
    name,
    commit: renderCommit(context, repository, await readCommit(directory, sha)),
    _links: { self: api, html: `${context.baseUrl}/${repo}/tree/${name}` },
    protected: locked,
    protection: {
      enabled: locked,
      required_status_checks: { enforcement_level: 'off', contexts: [], checks: [] },
    },
    protection_url: `${api}/protection`,
  };
}

/** A merge brings what its first parent had not; any other commit stands for itself. */
function mergedInto({ parents: [first, second] }: Commit): string | null {
  return first === undefined || second === undefined ? null : first;
}

async function readOneCommit({ context, repository, directory, path, raw }: ReadCall) {
  if (repository.empty) throw new ApiError(409, 'Git Repository is empty.');
  const sha = await resolveCommit(directory, path('ref'));
  if (sha === undefined) throw new ApiError(422, `No commit found for SHA: ${path('ref')}`);
  const commit = await readCommit(directory, sha);
  const parent = commit.parents[0] ?? emptyTree;
  if (raw.media === 'sha') return textAnswer('sha', sha);
  if (raw.media === 'diff') return textAnswer('diff', await diffText(directory, parent, sha));
  if (raw.media === 'patch') return textAnswer('patch', await patchText(directory, mergedInto(commit), sha));
  const files = await diffFiles(directory, parent, sha);
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return {
    status: 200,
    body: {
      ...renderCommit(context, repository, commit),
      stats: { total: additions + deletions, additions, deletions },
      files: files.map((file) => renderFileDiff(context, repository, sha, file)),
    },
  };
}

async function compare(
  { context, repository, directory, path, raw }: ReadCall,
  page: { per_page: number; page: number },
) {
  const [left = '', right = ''] = path('basehead').split('...');
  const strip = (side: string): string => side.slice(side.indexOf(':') + 1);
  const base = await resolveCommit(directory, strip(left));
  const head = await resolveCommit(directory, strip(right));
  if (base === undefined || head === undefined) throw notFound();
  const from = await mergeBase(directory, base, head);
  if (from === undefined) throw new ApiError(404, `No common ancestor between ${left} and ${right}.`);
  if (raw.media === 'diff') return textAnswer('diff', await diffText(directory, from, head));
  if (raw.media === 'patch') return textAnswer('patch', await patchText(directory, from, head));
  const ahead = await countCommits(directory, base, head);
  const behind = await countCommits(directory, head, base);
  const skip = (page.page - 1) * page.per_page;
  const all = await listCommits(directory, [head, `^${base}`], { order: 'oldest' });
  const files = page.page === 1 ? (await diffFiles(directory, from, head)).slice(0, 300) : [];
  const url = `${context.baseUrl}/api/v3/repos/${fullName(context.state, repository)}/compare/${left}...${right}`;
  const html = `${context.baseUrl}/${fullName(context.state, repository)}/compare/${left}...${right}`;
  const link = linkHeader(raw, page, ahead);
  return {
    status: 200,
    body: {
      url,
      html_url: html,
      permalink_url: `${context.baseUrl}/${fullName(context.state, repository)}/compare/${base}...${head}`,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: renderCommit(context, repository, await readCommit(directory, base)),
      merge_base_commit: renderCommit(context, repository, await readCommit(directory, from)),
      status: ahead > 0 ? (behind > 0 ? 'diverged' : 'ahead') : behind > 0 ? 'behind' : 'identical',
      ahead_by: ahead,
      behind_by: behind,
      total_commits: ahead,
      commits: all.slice(skip, skip + page.per_page).map((commit) => renderCommit(context, repository, commit)),
      files: files.map((file) => renderFileDiff(context, repository, head, file)),
    },
    headers: link === undefined ? {} : { link },
  };
}
