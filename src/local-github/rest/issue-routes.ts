import { z } from 'zod';
import { ApiError, notFound } from '../api-error.ts';
import type { Context } from '../context.ts';
import { editPull } from '../operations/edit-pull.ts';
import { assigneeIds, createIssue, editIssue, type IssueChanges, refuseWithoutIssues } from '../operations/issues.ts';
import { renderFullIssue, renderIssue } from '../render-json/issue.ts';
import { isPull, issuesOf, labelByName } from '../state/queries.ts';
import type { Issue, Repository } from '../state/records.ts';
import { noBody, noQuery } from './call.ts';
import { issueIn } from './find.ts';
import { pageOf, paging } from './paging.ts';
import { readRoute, type WriteCall, writeRoute } from './route.ts';

/** Comments and labels of pull requests are reached with either permission. */
const either = ['issues', 'pull_requests'];
const labelNames = z.array(
  z.union([
    z.string(),
    z.strictObject({ name: z.string(), color: z.string().optional() }).transform(({ name }) => name),
  ]),
);

const listQuery = z.strictObject({
  ...paging,
  state: z.enum(['open', 'closed', 'all']).default('open'),
  sort: z.enum(['created', 'updated', 'comments']).default('created'),
  direction: z.enum(['asc', 'desc']).default('desc'),
  since: z.iso.datetime({ offset: true }).optional(),
  creator: z.string().optional(),
  assignee: z.string().optional(),
  mentioned: z.string().optional(),
  milestone: z.string().optional(),
  labels: z.string().optional(),
});

const patchBody = z.strictObject({
  title: z.string().optional(),
  body: z.string().nullable().optional(),
  state: z.enum(['open', 'closed']).optional(),
  state_reason: z.enum(['completed', 'not_planned', 'duplicate', 'reopened']).nullable().optional(),
  labels: labelNames.optional(),
  assignees: z.array(z.string()).optional(),
  assignee: z.string().nullable().optional(),
  milestone: z.null().optional(),
});

export const issueRoutes = [
  writeRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/issues',
    need: 'issues',
    role: 'read',
    content: true,
    query: noQuery,
    body: z.strictObject({
      title: z.string(),
      body: z.string().optional(),
      labels: labelNames.optional(),
      assignees: z.array(z.string()).optional(),
      assignee: z.string().nullable().optional(),
      milestone: z.null().optional(),
    }),
    resource: 'Issue',
    handler: ({ context, author, repository, body }) => {
      const { title, body: text = null, labels = [] } = body;
      const assignees = assigneesOf(body) ?? [];
      const issue = createIssue(context, author, repository, { title, body: text, labels, assignees });
      return { status: 201, body: renderFullIssue(context, repository, issue) };
    },
  }),
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues',
    need: 'issues',
    query: listQuery,
    body: noBody,
    handler: ({ context, repository, raw, query }) => {
      if (!repository.hasIssues) throw notFound();
      const found = select(context, repository, query);
      return pageOf(raw, query, found, (issue) => renderIssue(context, repository, issue));
    },
  }),
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/issues/{issue_number}',
    need: 'issues',
    query: noQuery,
    body: noBody,
    handler: (call) => {
      const issue = issueIn(call);
      if (!isPull(issue)) refuseWithoutIssues(call.repository);
      return { status: 200, body: renderFullIssue(call.context, call.repository, issue) };
    },
  }),
  writeRoute({
    method: 'PATCH',
    path: '/repos/{owner}/{repo}/issues/{issue_number}',
    need: either,
    role: 'read',
    content: true,
    query: noQuery,
    body: patchBody,
    resource: 'Issue',
    handler: (call) => patch(call),
  }),
  writeRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/issues/{issue_number}/assignees',
    need: either,
    role: 'triage',
    query: noQuery,
    body: z.strictObject({ assignees: z.array(z.string()).max(10).default([]) }),
    resource: 'Issue',
    handler: (call) => {
      const { context, repository, body } = call;
      const issue = issueIn(call);
      const added = assigneeIds(context, repository, body.assignees);
      const assigned = [...new Set([...issue.assigneeIds, ...added])];
      const changed = context.state.issues.update(issue.id, { assigneeIds: assigned, updatedAt: context.now() });
      return { status: 201, body: renderFullIssue(context, repository, changed) };
    },
  }),
];

/** `assignee` is the form of old for one; null for nobody. */
function assigneesOf(body: { assignees?: string[] | undefined; assignee?: string | null | undefined }) {
  if (body.assignees !== undefined || body.assignee === undefined) return body.assignees;
  return body.assignee === null ? [] : [body.assignee];
}

async function patch(call: WriteCall<unknown, z.infer<typeof patchBody>>) {
  const { context, repository, author, actor, body } = call;
  const issue = issueIn(call);
  // Source: docs.github.com, "Repository roles for an organization": triage closes and labels, and edits no one else's text.
  if (actor.kind === 'user' && issue.authorId !== actor.account.id) {
    call.demandRole(body.title === undefined && body.body === undefined ? 'triage' : 'write');
  }
  const assignees = assigneesOf(body);
  const changes: IssueChanges = {
    ...(body.title === undefined ? {} : { title: body.title }),
    ...(body.body === undefined ? {} : { body: body.body }),
    ...(body.state === undefined ? {} : { state: body.state }),
    ...(body.state_reason === undefined ? {} : { stateReason: body.state_reason }),
    ...(body.labels === undefined ? {} : { labels: body.labels }),
    ...(assignees === undefined ? {} : { assignees }),
  };
  if (isPull(issue)) {
    if (body.state_reason !== undefined && body.state_reason !== null) {
      throw new ApiError(422, 'state_reason is only for issues.');
    }
    await editPull(context, author, repository, issue, changes);
  } else {
    refuseWithoutIssues(repository);
    editIssue(context, author, repository, issue, changes);
  }
  return { status: 200, body: renderFullIssue(context, repository, context.state.issues.need(issue.id)) };
}

function select(context: Context, repository: Repository, query: z.infer<typeof listQuery>): Issue[] {
  const labels = (query.labels ?? '').split(',').filter((name) => name !== '');
  const wanted = labels.map((name) => labelByName(context.state, repository.id, name)?.id ?? -1);
  const login = (id: number): string => context.state.accounts.need(id).login.toLowerCase();
  const found = issuesOf(context.state, repository.id).filter(
    (issue) =>
      (query.state === 'all' || issue.state === query.state) &&
      (query.since === undefined || issue.updatedAt >= Date.parse(query.since)) &&
      (query.creator === undefined || login(issue.authorId) === query.creator.toLowerCase()) &&
      (query.assignee === undefined || issue.assigneeIds.some((id) => login(id) === query.assignee?.toLowerCase())) &&
      wanted.every((id) => issue.labelIds.includes(id)),
  );
  const comments = (issue: Issue): number => context.state.comments.where(({ issueId }) => issueId === issue.id).length;
  const value = (issue: Issue): number =>
    query.sort === 'created' ? issue.createdAt : query.sort === 'updated' ? issue.updatedAt : comments(issue);
  const sign = query.direction === 'asc' ? 1 : -1;
  return found.sort((a, b) => sign * (value(a) - value(b) || a.number - b.number));
}
