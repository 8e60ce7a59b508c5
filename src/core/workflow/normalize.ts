import type { Beside } from './beside.ts';
import { duration, list, normalizeNode } from './normalize-node.ts';
import type { InputDefinition, PullRequestTemplate, ServiceEntry, Workflow } from './types.ts';
import type { WrittenService, WrittenWorkflow } from './written/written-workflow.ts';

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
    parallel: normalizeParallel(written.parallel),
    branch: written.branch ?? null,
    onlyIf: written.only_if ?? null,
    limits: { taskTimeoutMs: duration(written.limits?.task_timeout, DEFAULT_TASK_TIMEOUT_MS) },
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

function normalizeEntry({ tag, names, match, not }: WrittenService): ServiceEntry {
  return {
    tag: list(tag),
    names: list(names),
    match: list(match),
    not: { tag: list(not?.tag), names: list(not?.names), match: list(not?.match) },
  };
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
