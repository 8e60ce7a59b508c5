import { setTimeout as wait } from 'node:timers/promises';
import {
  type Budget,
  countedUsd,
  isHeld,
  overrun,
  overrunText,
  roomAgainAt,
  usedUp,
  usedUpText,
} from '../../core/budget.ts';
import { newSessionId } from '../../core/ids.ts';
import { type KnownCost, knownCost } from '../../core/prices.ts';
import type { AgentResult } from '../../ports/agent.ts';
import type { Tx } from '../../store/contract/store.ts';
import type { ConfiguredAgent, OpenRun } from '../context.ts';
import { type NodeRun, pathOf, placeOf } from '../scope.ts';
import { TaskStopped } from '../task-cancelled.ts';
import { TaskDrained } from '../task-drained.ts';
import { budgetsOf, type Limit, limitsOf } from './session-limits.ts';

/** Other sessions spend too, but reports of an agent can come many times a second. */
const LOOK_AGAIN_MS = 3_000;
/** Between two looks whether sessions at work have left something. */
const ROOM_LOOK_MS = 500;

/** A session that counts from now on, for its worst case until its agent tells. */
export interface SessionBudget {
  /** Cumulative US dollars; false: it is over. */
  mayCost(costUsd: number): boolean;
  /** Counts what it came to, at once. `over`: why it was over its budgets, to complete "Node `x` …"; null: it was not. */
  settle(result: Told): Promise<KnownCost & { over: string | null }>;
}

type Told = Pick<AgentResult, 'costUsd' | 'tokens' | 'prompted'>;

/** `isFirst`: the node has asked nobody so far, so it has cost nothing. */
export interface Refused {
  refusal: string;
  isFirst: boolean;
}

interface Opening {
  id: string;
  limits(now: number): Limit[];
}

/** For the session that starts next; waits while those at work may leave nothing. Throws TaskDrained, TaskStopped. */
export async function openBudget(
  run: OpenRun,
  of: NodeRun,
  asked: { budgetUsd: number | null; agent: ConfiguredAgent },
): Promise<SessionBudget | Refused> {
  const { context } = run;
  const opening: Opening = {
    id: newSessionId(context.random),
    limits: (now) => limitsOf(run, of, { ...asked, now }),
  };
  for (;;) {
    const now = context.clock.now();
    const opened = await context.store.write((tx) => begin(tx, run, of, { ...opening, agent: asked.agent, now }));
    if (opened === 'begun') return sessionBudget(run, opening, asked.agent);
    if (opened !== 'held') return opened;
    await wait(ROOM_LOOK_MS, undefined, { signal: AbortSignal.any([run.signal, run.draining]) }).catch(() => undefined);
    if (run.signal.aborted) throw new TaskStopped();
    if (run.draining.aborted) throw new TaskDrained();
  }
}

/** In one transaction, so that two sessions never take the same room. */
async function begin(
  tx: Tx,
  { fleet, task }: OpenRun,
  of: NodeRun,
  { id, limits, agent, now }: Opening & { agent: ConfiguredAgent; now: number },
): Promise<'begun' | 'held' | Refused> {
  await tx.sessions.loseStopped();
  await tx.sessions.loseNode({ taskId: task.id, attempt: task.attempt, nodeId: pathOf(of) });
  const budgets = await budgetsOf(tx, limits(now), id);
  const empty = usedUp(budgets);
  if (empty !== undefined) {
    const isFirst = !(await tx.sessions.asked(task.id, task.attempt, pathOf(of)));
    return { refusal: usedUpText(empty, await roomAt(tx, empty)), isFirst };
  }
  if (isHeld(budgets)) return 'held';
  await tx.sessions.begin({
    id,
    fleetId: fleet.id,
    taskId: task.id,
    attempt: task.attempt,
    place: placeOf(of),
    nodeId: pathOf(of),
    userId: fleet.runAs.id,
    startedAt: now,
    worstUsd: agent.worstCaseUsd,
  });
  return 'begun';
}

async function sessionBudget(
  { context, task }: OpenRun,
  { id, limits }: Opening,
  agent: ConfiguredAgent,
): Promise<SessionBudget> {
  const { store, clock, log } = context;
  let budgets: Budget[] = await budgetsOf(store.read, limits(clock.now()), id);
  let toldAt: number | null = null;
  let telling: Promise<void> = Promise.resolve();
  let stoppedFor: string | null = null;

  /** The first cost at once, as others may wait for it. */
  function tell(costUsd: number): void {
    const now = clock.now();
    if (toldAt !== null && now - toldAt < LOOK_AGAIN_MS) return;
    toldAt = now;
    telling = telling
      .then(async () => {
        budgets = await store.write(async (tx) => {
          await tx.sessions.tell(id, costUsd);
          return budgetsOf(tx, limits(now), id);
        });
      })
      .catch((error: unknown) => log.warn({ task: task.id, err: error }, "a session's cost could not be counted"));
  }

  return {
    mayCost(costUsd) {
      tell(costUsd);
      const over = overrun(budgets, costUsd);
      if (over !== undefined) stoppedFor = overrunText(over, costUsd);
      return over === undefined;
    },
    async settle(told) {
      await telling;
      const cost = knownCost(told, agent.prices);
      const counted = countedUsd({ ...cost, prompted: told.prompted }, agent.worstCaseUsd);
      const over = await store.write(async (tx) => {
        if (!told.prompted && cost.costUsd === null) await tx.sessions.discard(id);
        else await tx.sessions.settle(id, { ...cost, countedUsd: counted, tokens: told.tokens });
        if (cost.costUsd === null) return null;
        const budget = overrun(await budgetsOf(tx, limits(clock.now()), id), cost.costUsd);
        return budget === undefined ? null : overrunText(budget, cost.costUsd, await roomAt(tx, budget));
      });
      return { ...cost, over: over ?? stoppedFor };
    },
  };
}

/** Only a day's budget has room again by waiting. */
async function roomAt(tx: Tx, { sums, limitUsd }: Pick<Limit, 'sums' | 'limitUsd'>): Promise<number | null> {
  return sums?.of === 'user' ? roomAgainAt(await tx.sessions.ofUser(sums.userId, sums.since), limitUsd) : null;
}
