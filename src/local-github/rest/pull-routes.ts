import { z } from 'zod';
import { notFound } from '../api-error.ts';
import type { Context } from '../context.ts';
import { listCommits } from '../git/commits.ts';
import { diffFiles, diffText, patchText } from '../git/diff.ts';
import { mergeBase } from '../git/refs.ts';
import { createPull } from '../operations/create-pull.ts';
import { editPull, requestReviewers } from '../operations/edit-pull.ts';
import { mergePull } from '../operations/merge-pull.ts';
import { renderCommit, renderFileDiff } from '../render-json/commit.ts';
import { renderPull, renderSimplePull } from '../render-json/pull.ts';
import { pullsOf } from '../state/queries.ts';
import type { Pull, Repository } from '../state/records.ts';
import { noBody, noQuery, textAnswer } from './call.ts';
import { commitText } from './commit-fields.ts';
import { pullIn } from './find.ts';
import { pageOf, paging } from './paging.ts';
import { readRoute, writeRoute } from './route.ts';

const listQuery = z.strictObject({
  ...paging,
  state: z.enum(['open', 'closed', 'all']).default('open'),
  head: z.string().optional(),
  base: z.string().optional(),
  sort: z.enum(['created', 'updated', 'popularity', 'long-running']).default('created'),
  direction: z.enum(['asc', 'desc']).optional(),
});

export const pullRoutes = [
  writeRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/pulls',
    need: 'pull_requests',
    role: 'read',
    content: true,
    query: noQuery,
    body: z.strictObject({
      title: z.string(),
      head: z.string(),
      base: z.string(),
      body: z.string().optional(),
      draft: z.boolean().optional(),
      maintainer_can_modify: z.boolean().optional(),
    }),
    resource: 'PullRequest',
    handler: async ({ context, author, repository, body }) => {
      const pull = await createPull(context, author, repository, {
        title: body.title,
        head: body.head,
        base: body.base,
        body: body.body ?? null,
        draft: body.draft ?? false,
        maintainerCanModify: body.maintainer_can_modify ?? false,
      });
      return { status: 201, body: await renderPull(context, repository, pull) };
    },
  }),
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls',
    need: 'pull_requests',
    query: listQuery,
    body: noBody,
    handler: ({ context, repository, raw, query }) =>
      pageOf(raw, query, select(context, repository, query), (pull) => renderSimplePull(context, repository, pull)),
  }),
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}',
    need: 'pull_requests',
    query: noQuery,
    body: noBody,
    handler: async (call) => {
      const pull = pullIn(call);
      const { media } = call.raw;
      if (media === 'diff' || media === 'patch') {
        const print = media === 'diff' ? diffText : patchText;
        const text = await print(call.directory, await startOf(call.directory, pull), pull.pull.headSha);
        return textAnswer(media, text);
      }
      return { status: 200, body: await renderPull(call.context, call.repository, pull) };
    },
  }),
  writeRoute({
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}',
    need: 'pull_requests',
    role: 'read',
    content: true,
    query: noQuery,
    body: z.strictObject({
      title: z.string().optional(),
      body: z.string().optional(),
      state: z.enum(['open', 'closed']).optional(),
      base: z.string().optional(),
      maintainer_can_modify: z.boolean().optional(),
    }),
    resource: 'PullRequest',
    handler: async (call) => {
      const { context, repository, author, body } = call;
      const before = pullIn(call);
      if (before.authorId !== author.account.id) call.demandRole('triage');
      const pull = await editPull(context, author, repository, before, {
        ...(body.title === undefined ? {} : { title: body.title }),
        ...(body.body === undefined ? {} : { body: body.body }),
        ...(body.state === undefined ? {} : { state: body.state }),
        ...(body.base === undefined ? {} : { base: body.base }),
        ...(body.maintainer_can_modify === undefined ? {} : { maintainerCanModify: body.maintainer_can_modify }),
      });
      return { status: 200, body: await renderPull(context, repository, pull) };
    },
  }),
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/files',
    need: 'pull_requests',
    query: z.strictObject(paging),
    body: noBody,
    handler: async (call) => {
      const { context, repository, directory, raw, query } = call;
      const pull = pullIn(call);
      const files = await diffFiles(directory, await startOf(directory, pull), pull.pull.headSha);
      return pageOf(raw, query, files, (file) => renderFileDiff(context, repository, pull.pull.headSha, file));
    },
  }),
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/commits',
    need: 'pull_requests',
    query: z.strictObject(paging),
    body: noBody,
    handler: async (call) => {
      const { context, repository, directory, raw, query } = call;
      const { pull } = pullIn(call);
      const commits = await listCommits(directory, [pull.headSha, `^${pull.baseSha}`], { order: 'oldest' });
      return pageOf(raw, query, commits, (commit) => renderCommit(context, repository, commit));
    },
  }),
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/merge',
    need: 'pull_requests',
    query: noQuery,
    body: noBody,
    handler: (call) => {
      if (pullIn(call).pull.mergedAt === null) throw notFound();
      return { status: 204 };
    },
  }),
  writeRoute({
    method: 'PUT',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/merge',
    need: 'contents',
    query: noQuery,
    body: z
      .strictObject({
        commit_title: commitText.optional(),
        commit_message: commitText.optional(),
        sha: z.string().optional(),
        merge_method: z.enum(['merge', 'squash', 'rebase']).optional(),
      })
      .default({}),
    resource: 'PullRequest',
    handler: async (call) => {
      const { context, repository, author, body } = call;
      const sha = await mergePull(context, author, repository, pullIn(call), {
        method: body.merge_method ?? 'merge',
        ...(body.sha === undefined ? {} : { sha: body.sha }),
        ...(body.commit_title === undefined ? {} : { commitTitle: body.commit_title }),
        ...(body.commit_message === undefined ? {} : { commitMessage: body.commit_message }),
      });
      return { status: 200, body: { sha, merged: true, message: 'Pull Request successfully merged' } };
    },
  }),
  writeRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers',
    need: 'pull_requests',
    query: noQuery,
    body: z.strictObject({
      reviewers: z.array(z.string()).default([]),
      team_reviewers: z.array(z.string()).default([]),
    }),
    resource: 'PullRequest',
    handler: (call) => {
      const { context, repository, body } = call;
      const pull = requestReviewers(context, repository, pullIn(call), body.reviewers, body.team_reviewers);
      return { status: 201, body: renderSimplePull(context, repository, pull) };
    },
  }),
];

/** The difference that a pull request shows starts where its branch left the base. */
async function startOf(directory: string, { pull }: Pull): Promise<string> {
  return (await mergeBase(directory, pull.baseSha, pull.headSha)) ?? pull.baseSha;
}

function select(context: Context, repository: Repository, query: z.infer<typeof listQuery>): Pull[] {
  const label = ({ pull }: Pull): string => {
    const head = context.state.repositories.need(pull.headRepositoryId);
    return `${context.state.accounts.need(head.ownerId).login.toLowerCase()}:${pull.headRef}`;
  };
  const wanted = query.head?.replace(/^[^:]+/, (owner) => owner.toLowerCase());
  const found = pullsOf(context.state, repository.id).filter(
    (issue) =>
      (query.state === 'all' || issue.state === query.state) &&
      // Without an owner GitHub ignores the filter, which is the mistake that this catches by answering nothing.
      (wanted === undefined || label(issue) === wanted) &&
      (query.base === undefined || issue.pull.baseRef === query.base),
  );
  const value = (issue: Pull): number => (query.sort === 'updated' ? issue.updatedAt : issue.createdAt);
  const sign = (query.direction ?? (query.sort === 'created' ? 'desc' : 'asc')) === 'asc' ? 1 : -1;
  return found.sort((a, b) => sign * (value(a) - value(b) || a.number - b.number));
}
