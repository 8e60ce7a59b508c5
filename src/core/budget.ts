import { dollars } from './render/amounts.ts';

/** What agents may cost together, and what they have cost before the session at hand. Amounts are US dollars. */
export interface Budget {
  of: 'node' | 'fleet';
  /** The key that sets it, for people. */
  key: string;
  limitUsd: number;
  /** What is known, and what unknown costs count for. */
  spentUsd: number;
}

/** A session's cost as its agent told it, and as it counts. */
export interface SessionCost {
  knownUsd: number | null;
  countedUsd: number;
}

/**
 * @param session `costUsd` null: the agent has not told; without the prompt it can have cost nothing
 * @param worstCaseUsd for which an unknown cost counts
 */
export function sessionCost(
  { costUsd, prompted }: { costUsd: number | null; prompted: boolean },
  worstCaseUsd: number,
): SessionCost {
  return { knownUsd: costUsd, countedUsd: costUsd ?? (prompted ? worstCaseUsd : 0) };
}

/** To the millionth of a dollar, as sums are stored. */
export const addUsd = (one: number, other: number): number => Math.round((one + other) * 1e6) / 1e6;

/** Why no session may start, to complete "Node `x` …"; null: something is left of every budget. */
export function usedUp(budgets: readonly Budget[]): string | null {
  const empty = budgets.find(({ spentUsd, limitUsd }) => spentUsd >= limitUsd);
  if (empty === undefined) return null;
  const spent = dollars(empty.spentUsd);
  return empty.of === 'node'
    ? `did not ask its agent again: its sessions count for ${spent}, and ${empty.key} is ${limitOf(empty)}.`
    : `did not ask its agent: the sessions of the fleet count for ${spent}, and ${empty.key} is ${limitOf(empty)}.`;
}

/** Why a session that has cost so much is over, to complete "Node `x` …"; null: it is within every budget. */
export function overrun(budgets: readonly Budget[], costUsd: number): string | null {
  const over = budgets.find((budget) => withSession(budget, costUsd) > budget.limitUsd);
  if (over === undefined) return null;
  const limit = `over ${over.key} of ${limitOf(over)}.`;
  if (over.spentUsd === 0) return `cost ${dollars(costUsd)}, ${limit}`;
  const together = dollars(withSession(over, costUsd));
  const whose = over.of === 'node' ? 'its sessions' : 'the sessions of the fleet';
  return `cost ${dollars(costUsd)}, with which ${whose} count for ${together}, ${limit}`;
}

const withSession = ({ spentUsd }: Budget, costUsd: number): number => addUsd(spentUsd, costUsd);

/** As people write limits: `$2`, `$12.50`. */
const limitOf = ({ limitUsd }: Budget): string => (Number.isInteger(limitUsd) ? `$${limitUsd}` : dollars(limitUsd));
