import { z } from 'zod';
import { notFound } from '../api-error.ts';
import type { Context } from '../context.ts';
import { createLabel, labelIds } from '../operations/labels.ts';
import { renderLabel, renderLabels } from '../render-json/issue.ts';
import { labelByName, labelsOf } from '../state/queries.ts';
import type { Issue, Repository } from '../state/records.ts';
import { noBody, noQuery } from './call.ts';
import { issueIn } from './find.ts';
import { pageOf, paging } from './paging.ts';
import { readRoute, writeRoute } from './route.ts';

const either = ['issues', 'pull_requests'];
const ofIssue = '/repos/{owner}/{repo}/issues/{issue_number}/labels';
const name = z.union([z.string(), z.strictObject({ name: z.string() }).transform((label) => label.name)]);
const names = z.strictObject({ labels: z.array(name).min(1) }).transform(({ labels }) => labels);

export const labelRoutes = [
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/labels',
    need: either,
    query: z.strictObject(paging),
    body: noBody,
    handler: ({ context, repository, raw, query }) =>
      pageOf(raw, query, labelsOf(context.state, repository.id), (label) => renderLabel(context, repository, label)),
  }),
  writeRoute({
    method: 'POST',
    path: '/repos/{owner}/{repo}/labels',
    need: either,
    query: noQuery,
    body: z.strictObject({
      name: z.string().min(1).max(50),
      color: z
        .string()
        .regex(/^[0-9a-fA-F]{6}$/)
        .default('ededed'),
      description: z.string().max(100).optional(),
    }),
    resource: 'Label',
    handler: ({ context, repository, body }) => ({
      status: 201,
      body: renderLabel(context, repository, createLabel(context, repository, body)),
    }),
  }),
  readRoute({
    method: 'GET',
    path: '/repos/{owner}/{repo}/labels/{name}',
    need: either,
    query: noQuery,
    body: noBody,
    handler: ({ context, repository, path }) => {
      const label = labelByName(context.state, repository.id, path('name'));
      if (label === undefined) throw notFound();
      return { status: 200, body: renderLabel(context, repository, label) };
    },
  }),
  readRoute({
    method: 'GET',
    path: ofIssue,
    need: either,
    query: z.strictObject(paging),
    body: noBody,
    handler: (call) => {
      const labels = renderLabels(call.context, call.repository, issueIn(call).labelIds);
      return pageOf(call.raw, call.query, labels, (label) => label);
    },
  }),
  writeRoute({
    method: 'POST',
    path: ofIssue,
    need: either,
    role: 'triage',
    query: noQuery,
    body: names,
    resource: 'Label',
    handler: (call) => {
      const issue = issueIn(call);
      const added = labelIds(call.context, call.repository, call.body);
      return setLabels(call.context, call.repository, issue, [...issue.labelIds, ...added]);
    },
  }),
  writeRoute({
    method: 'PUT',
    path: ofIssue,
    need: either,
    role: 'triage',
    query: noQuery,
    body: names,
    resource: 'Label',
    handler: (call) => {
      const wanted = labelIds(call.context, call.repository, call.body);
      return setLabels(call.context, call.repository, issueIn(call), wanted);
    },
  }),
  writeRoute({
    method: 'DELETE',
    path: `${ofIssue}/{name}`,
    need: either,
    role: 'triage',
    query: noQuery,
    body: noBody,
    handler: (call) => {
      const issue = issueIn(call);
      const label = labelByName(call.context.state, call.repository.id, call.path('name'));
      if (label === undefined || !issue.labelIds.includes(label.id)) throw notFound();
      const left = issue.labelIds.filter((id) => id !== label.id);
      return setLabels(call.context, call.repository, issue, left);
    },
  }),
];

function setLabels(context: Context, repository: Repository, issue: Issue, ids: readonly number[]) {
  const changed = context.state.issues.update(issue.id, { labelIds: [...new Set(ids)], updatedAt: context.now() });
  return { status: 200, body: renderLabels(context, repository, changed.labelIds) };
}
