import { durationMs } from './duration.ts';
import type { InputDefinition, PullRequestTemplate, ServiceEntry, Workflow, WorkflowNode } from './types.ts';
import type { WrittenNode, WrittenService, WrittenWorkflow } from './written.ts';

const MINUTE = 60_000;
const DEFAULT_TASK_TIMEOUT_MS = 60 * MINUTE;
const DEFAULT_BASH_TIMEOUT_MS = 10 * MINUTE;
const DEFAULT_AGENT_TIMEOUT_MS = 30 * MINUTE;
const DEFAULT_IDLE_TIMEOUT_MS = 10 * MINUTE;

/** Every default filled in, every duration in milliseconds, every "one or many" a list. Order is kept. */
export function normalize(written: WrittenWorkflow): Workflow {
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
    pullRequest: normalizePullRequest(written.pull_request),
    nodes: written.nodes.map(normalizeNode),
  };
}

const list = (written: string | readonly string[] | undefined): readonly string[] => {
  if (written === undefined) return [];
  return typeof written === 'string' ? [written] : written;
};

const duration = (written: string | undefined, otherwise: number): number =>
  written === undefined ? otherwise : (durationMs(written) ?? otherwise);

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

function normalizePullRequest(written: WrittenWorkflow['pull_request']): PullRequestTemplate {
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

function normalizeNode(written: WrittenNode): WorkflowNode {
  const fields = {
    id: written.id,
    dependsOn: list(written.depends_on),
    when: written.when === undefined ? null : String(written.when),
    continueOnError: written.continue_on_error ?? false,
  };
  if (written.prompt === undefined) {
    const timeoutMs = duration(written.timeout, DEFAULT_BASH_TIMEOUT_MS);
    return { ...fields, kind: 'bash', timeoutMs, script: written.bash ?? '' };
  }
  return {
    ...fields,
    kind: 'prompt',
    timeoutMs: duration(written.timeout, DEFAULT_AGENT_TIMEOUT_MS),
    prompt: written.prompt,
    agent: typeof written.agent === 'object' ? written.agent.name : (written.agent ?? null),
    idleTimeoutMs: duration(written.idle_timeout, DEFAULT_IDLE_TIMEOUT_MS),
  };
}
