import { dollars } from './amounts.ts';
import type { NodeView, TaskView } from './views.ts';

/** Kinds of nodes that ask an agent; groups only hold them. */
const AGENT_KINDS: readonly string[] = ['prompt', 'command', 'loop'];

/** Nothing ran that costs, or what it cost as far as agents say; unknown is not zero. */
export interface Cost {
  agents: number;
  knownUsd: number;
  unknown: number;
}

/** Earlier attempts stay counted: the task's own sum is the larger one then. */
export function costOf(task: Pick<TaskView, 'costUsd'>, nodes: readonly NodeView[]): Cost {
  const agents = nodes.filter(
    ({ kind, endedAt, status }) => AGENT_KINDS.includes(kind) && endedAt !== null && status !== 'skipped',
  );
  const summed = agents.reduce((sum, node) => sum + (node.costUsd ?? 0), 0);
  return {
    agents: Math.max(agents.length, task.costUsd === null ? 0 : 1),
    knownUsd: Math.max(summed, task.costUsd ?? 0),
    unknown: agents.filter((node) => node.costUsd === null).length,
  };
}

export function addCosts(costs: readonly Cost[]): Cost {
  return costs.reduce(
    (sum, cost) => ({
      agents: sum.agents + cost.agents,
      knownUsd: sum.knownUsd + cost.knownUsd,
      unknown: sum.unknown + cost.unknown,
    }),
    { agents: 0, knownUsd: 0, unknown: 0 },
  );
}

/** Empty when no agent ran, `unknown` when no agent said. */
export function costText(cost: Cost): string {
  if (cost.agents === 0) return '';
  if (cost.unknown === 0) return dollars(cost.knownUsd);
  return cost.knownUsd > 0 ? `${dollars(cost.knownUsd)} + unknown` : 'unknown';
}
