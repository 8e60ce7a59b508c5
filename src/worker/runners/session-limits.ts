import { type Budget, DAY_MS, NOTHING_COUNTED } from '../../core/budget.ts';
import type { SessionsOf } from '../../store/contract/sessions.ts';
import type { Reads } from '../../store/contract/store.ts';
import type { ConfiguredAgent, OpenRun } from '../context.ts';
import { type NodeRun, placeOf } from '../scope.ts';

/** One limit that holds for a session; `sums` null: of it alone. */
export interface Limit extends Pick<Budget, 'of' | 'key' | 'limitUsd' | 'login'> {
  sums: SessionsOf | null;
}

/** From the session's own to what its person may spend in a day: the first one that is reached is told. */
export function limitsOf(
  { context, task, fleet, claimedAt }: OpenRun,
  of: NodeRun,
  { budgetUsd, agent, now }: { budgetUsd: number | null; agent: Pick<ConfiguredAgent, 'budgetUsd'>; now: number },
): Limit[] {
  const { plan, runAs } = fleet;
  const { limits } = plan.workflow;
  const { id: taskId, attempt } = task;
  const ofFleet = limits.budgetUsd === plan.budgetUsd ? '`limits.budget_usd`' : "the settings' `max_fleet_budget_usd`";
  const all: (Omit<Limit, 'limitUsd'> & { limitUsd: number | null })[] = [
    { of: 'session', key: "its agent's `budget_usd` in the settings", limitUsd: agent.budgetUsd, sums: null },
    {
      of: 'node',
      key: 'its `budget_usd`',
      limitUsd: budgetUsd,
      // One that begins again, as its worker is another one, begins its budget anew.
      sums: { of: 'node', taskId, attempt, place: placeOf(of), since: claimedAt },
    },
    { of: 'task', key: '`limits.task_budget_usd`', limitUsd: limits.taskBudgetUsd, sums: { of: 'task', taskId } },
    { of: 'fleet', key: ofFleet, limitUsd: plan.budgetUsd, sums: { of: 'fleet', fleetId: fleet.id } },
    {
      of: 'user',
      key: "the operator's `max_user_budget_usd_per_day`",
      limitUsd: context.maxUserBudgetUsdPerDay,
      sums: { of: 'user', userId: runAs.id, since: now - DAY_MS },
      login: runAs.login,
    },
  ];
  return all.flatMap(({ limitUsd, ...limit }) => (limitUsd === null ? [] : [{ ...limit, limitUsd }]));
}

/** With what counts against them now, without the session itself. */
export async function budgetsOf<L extends Limit>(
  { sessions }: Pick<Reads, 'sessions'>,
  limits: readonly L[],
  sessionId: string,
): Promise<(Budget & L)[]> {
  const budgets: (Budget & L)[] = [];
  for (const limit of limits) {
    const counted = limit.sums === null ? NOTHING_COUNTED : await sessions.counted(limit.sums, sessionId);
    budgets.push({ ...limit, ...counted });
  }
  return budgets;
}
