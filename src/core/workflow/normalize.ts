import type { Beside } from './beside.ts';
import { duration, list, normalizeNode } from './normalize-node.ts';
import { normalizeEntry, normalizeRollout } from './normalize-rollout.ts';
import type { InputDefinition, PullRequestTemplate, Workflow } from './types.ts';
import type { WrittenWorkflow } from './written/written-workflow.ts';

const DEFAULT_TASK_TIMEOUT_MS = 60 * 60_000;

/** Every default filled in, every duration in milliseconds, every "one or many" a list. Order is kept. */
export function normalize(written: WrittenWorkflow, beside: Beside): Workflow {
  return {
    name: written.name,
    description: written.description ?? '',
    inputs: Object.fromEntries(
      Object.entries(written.inputs ?? {}).map(([name, definition]) => [name, normalizeInput(definition)]),
    ),
    services: normalizeServices(written.services),
    exclude: list(written.exclude),
    siblings: (written.siblings ?? []).map(normalizeEntry),
    parallel: normalizeParallel(written.parallel),
    branch: written.branch ?? null,
    onlyIf: written.only_if ?? null,
    rollout: written.rollout === undefined ? null : normalizeRollout(written.rollout),
    limits: {
      taskTimeoutMs: duration(written.limits?.task_timeout, DEFAULT_TASK_TIMEOUT_MS),
      budgetUsd: written.limits?.budget_usd ?? null,
      taskBudgetUsd: written.limits?.task_budget_usd ?? null,
    },
    pullRequest: normalizePullRequest(written.pull_request === false ? undefined : written.pull_request),
    opensPullRequests: written.pull_request !== false,
    requires: list(written.requires),
    evidence: list(written.evidence),
    nodes: written.nodes.map((node) => normalizeNode(node, beside)),
  };
}

function normalizeInput(written: NonNullable<WrittenWorkflow['inputs']>[string]): InputDefinition {
  return {
    required: written.required ?? false,
    default: written.default ?? null,
    description: written.description ?? '',
    pattern: written.pattern ?? null,
    enum: written.enum ?? null,
    allowDash: written.allow_dash ?? false,
  };
}

function normalizeServices(written: WrittenWorkflow['services']): Workflow['services'] {
  if (written === undefined) return null;
  return written === 'any' ? 'any' : written.map(normalizeEntry);
}

function normalizeParallel(written: WrittenWorkflow['parallel']): Workflow['parallel'] {
  if (written === undefined || written === false) return 1;
  return written === true ? 'caps' : written;
}

function normalizePullRequest(written: Exclude<WrittenWorkflow['pull_request'], false>): PullRequestTemplate {
  return {
    title: written?.title ?? null,
    body: written?.body ?? null,
    commitMessage: written?.commit_message ?? null,
    base: written?.base ?? null,
    draft: written?.draft ?? false,
    labels: list(written?.labels),
    reviewers: list(written?.reviewers),
    assignees: list(written?.assignees),
    commit: written?.commit ?? 'push',
  };
}
