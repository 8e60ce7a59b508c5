import type { Beside } from './beside.ts';
import { durationMs } from './duration.ts';
import { commandFile, runtimeOf } from './named-files.ts';
import type { ApprovalNode, Retry, ScriptNode, WorkflowNode } from './types.ts';
import type { WrittenNode } from './written/written-node.ts';

const MINUTE = 60_000;
const DEFAULT_CODE_TIMEOUT_MS = 10 * MINUTE;
const DEFAULT_AGENT_TIMEOUT_MS = 30 * MINUTE;
const DEFAULT_IDLE_TIMEOUT_MS = 10 * MINUTE;
const DEFAULT_GROUP_TIMEOUT_MS = 60 * MINUTE;
const DEFAULT_APPROVAL_TIMEOUT_MS = 7 * 24 * 60 * MINUTE;
const DEFAULT_RETRY_DELAY_MS = 3_000;

export const list = (written: string | readonly string[] | undefined): readonly string[] => {
  if (written === undefined) return [];
  return typeof written === 'string' ? [written] : written;
};

export const duration = (written: string | undefined, otherwise: number): number =>
  written === undefined ? otherwise : (durationMs(written) ?? otherwise);

/** One node with every default filled in, and the texts that it names beside the workflow; '' for one that is not there. */
export function normalizeNode(written: WrittenNode, beside: Beside): WorkflowNode {
  const fields = nodeFields(written);
  if (written.script !== undefined) return { ...fields, ...codeFields(written), ...scriptOf(written, beside) };
  if (written.prompt !== undefined)
    return { ...fields, ...agentFields(written), kind: 'prompt', prompt: written.prompt };
  if (written.command !== undefined) {
    const file = commandFile(written.command);
    const text = { file, prompt: beside.file(file) ?? '', with: written.with ?? {} };
    return { ...fields, ...agentFields(written), kind: 'command', ...text };
  }
  if (written.loop !== undefined)
    return { ...fields, ...agentFields(written), ...loopOf(written, written.loop, beside) };
  if (written.loop_group !== undefined) {
    const { nodes } = written.loop_group;
    return {
      ...fields,
      kind: 'loop_group',
      ...untilOf(written.loop_group),
      timeoutMs: duration(written.timeout, DEFAULT_GROUP_TIMEOUT_MS),
      nodes: nodes.map((node) => normalizeNode(node, beside)),
    };
  }
  if (written.approval !== undefined) return { ...fields, ...approvalOf(written, written.approval) };
  if (written.cancel !== undefined) return { ...fields, kind: 'cancel', reason: written.cancel };
  if (written.include !== undefined) {
    const { inputs, nodes } = beside.workflow(written.include) ?? { inputs: {}, nodes: [] };
    return { ...fields, kind: 'include', workflow: written.include, with: written.with ?? {}, inputs, nodes };
  }
  return { ...fields, ...codeFields(written), kind: 'bash', script: written.bash ?? '' };
}

function nodeFields(written: WrittenNode) {
  return {
    id: written.id,
    dependsOn: list(written.depends_on),
    when: written.when === undefined ? null : String(written.when),
    triggerRule: written.trigger_rule ?? 'all_success',
    continueOnError: written.continue_on_error ?? false,
    retry: retryOf(written.retry),
    alwaysRun: written.always_run ?? false,
  } as const;
}

function retryOf(written: WrittenNode['retry']): Retry | null {
  if (written === undefined) return null;
  const delayMs = duration(written.delay, DEFAULT_RETRY_DELAY_MS);
  return { maxAttempts: written.max_attempts, delayMs, onError: written.on_error ?? 'transient' };
}

function codeFields(written: WrittenNode) {
  return {
    timeoutMs: duration(written.timeout, DEFAULT_CODE_TIMEOUT_MS),
    env: written.env ?? {},
    outputFormat: written.output_format ?? null,
  };
}

function agentFields(written: WrittenNode) {
  const agent = typeof written.agent === 'string' ? { name: written.agent } : (written.agent ?? {});
  return {
    timeoutMs: duration(written.timeout, DEFAULT_AGENT_TIMEOUT_MS),
    idleTimeoutMs: duration(written.idle_timeout, DEFAULT_IDLE_TIMEOUT_MS),
    agent: agent.name ?? null,
    budgetUsd: agent.budget_usd ?? null,
    outputFormat: written.output_format ?? null,
  };
}

function scriptOf(written: WrittenNode, beside: Beside): Pick<ScriptNode, 'kind' | 'runtime' | 'script' | 'file'> {
  const { script = '', runtime } = written;
  if (typeof script === 'string') return { kind: 'script', runtime: runtime ?? 'node', script, file: null };
  const { file } = script;
  return { kind: 'script', runtime: runtime ?? runtimeOf(file) ?? 'node', script: beside.file(file) ?? '', file };
}

function untilOf(written: { until?: string | undefined; until_bash?: string | undefined; max_iterations: number }) {
  return {
    until: written.until ?? null,
    untilBash: written.until_bash ?? null,
    maxIterations: written.max_iterations,
  };
}

function loopOf(written: WrittenNode, loop: NonNullable<WrittenNode['loop']>, beside: Beside) {
  const file = loop.command === undefined ? null : commandFile(loop.command);
  return {
    kind: 'loop',
    ...untilOf(loop),
    untilField: loop.until_field ?? null,
    file,
    prompt: file === null ? (loop.prompt ?? '') : (beside.file(file) ?? ''),
    with: written.with ?? {},
  } as const;
}

function approvalOf(
  { timeout }: WrittenNode,
  { message, decisions, capture_response }: NonNullable<WrittenNode['approval']>,
): Pick<ApprovalNode, 'kind' | 'timeoutMs' | 'message' | 'decisions' | 'captureResponse'> {
  return {
    kind: 'approval',
    timeoutMs: duration(timeout, DEFAULT_APPROVAL_TIMEOUT_MS),
    message,
    decisions: (decisions ?? DEFAULT_DECISIONS).map(({ id, label }) => ({ id, label: label ?? id })),
    captureResponse: capture_response ?? false,
  };
}

const DEFAULT_DECISIONS: readonly { id: string; label?: string | undefined }[] = [{ id: 'approve' }, { id: 'reject' }];
