import { UNKNOWN_SURROUNDINGS } from '../../src/core/workflow/beside.ts';
import { normalize } from '../../src/core/workflow/normalize.ts';
import type { NodeKind, WorkflowNode } from '../../src/core/workflow/types.ts';
import { NODE_KINDS } from '../../src/core/workflow/written/node-kinds.ts';
import type { WrittenNode } from '../../src/core/workflow/written/written-node.ts';

/** The least of a node of each kind. */
const LEAST: Readonly<Record<NodeKind, Omit<WrittenNode, 'id'>>> = {
  bash: { bash: 'true', retry: { max_attempts: 2 } },
  script: { script: '1', runtime: 'node', retry: { max_attempts: 2 } },
  prompt: { prompt: 'x', retry: { max_attempts: 2 } },
  command: { command: 'x', retry: { max_attempts: 2 } },
  loop: { loop: { prompt: 'x', until: 'DONE', max_iterations: 1 } },
  loop_group: { loop_group: { nodes: [{ id: 'x', bash: 'true' }], until: 'DONE', max_iterations: 1 } },
  approval: { approval: { message: 'x' } },
  cancel: { cancel: 'x' },
  include: { include: 'x' },
};

/** What normalization fills in, as one would write it; by `limits.task_timeout` or `prompt.timeout`. */
export const defaultOf = (path: string): unknown => DEFAULTS.get(path);

const DEFAULTS: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ...ofWorkflow(),
  ...NODE_KINDS.flatMap(ofNode),
]);

function ofWorkflow(): [string, unknown][] {
  const written = { name: 'x', inputs: { x: {} }, rollout: {}, nodes: [{ id: 'x', bash: 'true' }] };
  const { inputs, parallel, rollout, limits, pullRequest } = normalize(written, UNKNOWN_SURROUNDINGS);
  return [
    ['inputs.required', inputs.x?.required],
    ['inputs.allow_dash', inputs.x?.allowDash],
    ['parallel', parallel === 1 ? false : parallel],
    ['rollout.approve', rollout?.approve],
    ['limits.task_timeout', durationText(limits.taskTimeoutMs)],
    ['pull_request.draft', pullRequest.draft],
    ['pull_request.commit', pullRequest.commit],
  ];
}

function ofNode(kind: NodeKind): [string, unknown][] {
  const { nodes } = normalize({ name: 'x', nodes: [{ id: 'x', ...LEAST[kind] }] }, UNKNOWN_SURROUNDINGS);
  return nodes.flatMap(filledIn).map(([key, value]) => [`${kind}.${key}`, value]);
}

function filledIn(node: WorkflowNode): [string, unknown][] {
  const found: [string, unknown][] = [
    ['trigger_rule', node.triggerRule],
    ['continue_on_error', node.continueOnError],
    ['always_run', node.alwaysRun],
  ];
  if ('timeoutMs' in node) found.push(['timeout', durationText(node.timeoutMs)]);
  if ('idleTimeoutMs' in node) found.push(['idle_timeout', durationText(node.idleTimeoutMs)]);
  if (node.retry !== null) {
    found.push(['retry.delay', durationText(node.retry.delayMs)], ['retry.on_error', node.retry.onError]);
  }
  if (node.kind === 'approval') found.push(['approval.capture_response', node.captureResponse]);
  return found;
}

/** 600000 → `10m`, in the largest unit that is not too coarse: an hour is `60m`, as people write limits. */
export function durationText(milliseconds: number): string {
  if (milliseconds % 86_400_000 === 0) return `${milliseconds / 86_400_000}d`;
  return milliseconds % 60_000 === 0 ? `${milliseconds / 60_000}m` : `${milliseconds / 1000}s`;
}
