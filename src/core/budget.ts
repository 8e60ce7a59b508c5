import { dollars, utc } from './render/amounts.ts';

/** What agents may cost together, and what they cost without the session at hand. Amounts are US dollars. */
export interface Budget extends Counted {
  of: 'session' | 'node' | 'task' | 'fleet' | 'user';
  /** The key that sets it, for people. */
  key: string;
  limitUsd: number;
  /** Of a user's: who asked for the fleets. */
  login?: string;
}

export interface Counted {
  /** By sessions that are over: what is known, and what unknown costs count for. */
  spentUsd: number;
  /** What those at work have told so far. */
  toldUsd: number;
  /** What those at work count for: what they have told, or the worst case where they have told nothing. */
  heldUsd: number;
}

export const NOTHING_COUNTED: Counted = { spentUsd: 0, toldUsd: 0, heldUsd: 0 };

export const DAY_MS = 24 * 60 * 60_000;

/** To the millionth of a dollar, as sums are stored. */
export const addUsd = (one: number, other: number): number => Math.round((one + other) * 1e6) / 1e6;

/** For what a session counts. `prompted`: without it, it can have cost nothing. */
export const countedUsd = (
  { costUsd, prompted }: { costUsd: number | null; prompted: boolean },
  worstCaseUsd: number,
): number => costUsd ?? (prompted ? worstCaseUsd : 0);

/** The first budget of which nothing is left. */
export const usedUp = <B extends Budget>(budgets: readonly B[]): B | undefined =>
  budgets.find((budget) => sure(budget) >= budget.limitUsd);

/** Nothing may be left once the sessions at work have told what they cost: whoever comes next waits for that. */
export const isHeld = (budgets: readonly Budget[]): boolean =>
  budgets.some(({ spentUsd, heldUsd, limitUsd }) => addUsd(spentUsd, heldUsd) >= limitUsd);

/** The first budget that a session which has cost so much is over. */
export const overrun = <B extends Budget>(budgets: readonly B[], costUsd: number): B | undefined =>
  budgets.find((budget) => addUsd(sure(budget), costUsd) > budget.limitUsd);

const sure = ({ spentUsd, toldUsd }: Budget): number => addUsd(spentUsd, toldUsd);

/** Why no session may start, to complete "Node `x` …". `roomAt`: of a user's budget, when something of it is free again. */
export function usedUpText(budget: Budget, roomAt: number | null = null): string {
  const again = budget.of === 'node' ? ' again' : '';
  return `did not ask its agent${again}: ${whose(budget)} count for ${dollars(sure(budget))}, and ${budget.key} is ${limitOf(budget)}${roomText(roomAt)}.`;
}

/** Why a session that has cost so much is over, to complete "Node `x` …". */
export function overrunText(budget: Budget, costUsd: number, roomAt: number | null = null): string {
  const limit = `over ${budget.key} of ${limitOf(budget)}${roomText(roomAt)}.`;
  if (sure(budget) === 0) return `cost ${dollars(costUsd)}, ${limit}`;
  const together = dollars(addUsd(sure(budget), costUsd));
  return `cost ${dollars(costUsd)}, with which ${whose(budget)} count for ${together}, ${limit}`;
}

function whose({ of, login = '' }: Budget): string {
  switch (of) {
    case 'session':
    case 'node':
      return 'its sessions';
    case 'task':
      return 'the sessions of the task';
    case 'fleet':
      return 'the sessions of the fleet';
    case 'user':
      return `the sessions that ${login} asked for in the last 24 hours`;
  }
}

const roomText = (roomAt: number | null): string => (roomAt === null ? '' : `; there is room again at ${utc(roomAt)}`);

/** As people write limits: `$2`, `$12.50`. */
export const limitOf = ({ limitUsd }: Pick<Budget, 'limitUsd'>): string =>
  Number.isInteger(limitUsd) ? `$${limitUsd}` : dollars(limitUsd);

/**
 * When so much of them is older than a day that what is left is below the limit; null: at once.
 * @param sessions of the last day, the oldest first
 */
export function roomAgainAt(
  sessions: readonly { startedAt: number; countedUsd: number }[],
  limitUsd: number,
): number | null {
  let left = sessions.reduce((sum, session) => addUsd(sum, session.countedUsd), 0);
  let roomAt: number | null = null;
  for (const { startedAt, countedUsd: cost } of sessions) {
    if (left < limitUsd) break;
    left = addUsd(left, -cost);
    // To the minute that is told, rounded up: before it there is none.
    roomAt = Math.ceil((startedAt + DAY_MS) / 60_000) * 60_000;
  }
  return roomAt;
}
