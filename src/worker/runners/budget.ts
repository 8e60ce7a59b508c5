import { addUsd, type Budget, overrun, sessionCost, usedUp } from '../../core/budget.ts';
import type { AgentResult } from '../../ports/agent.ts';
import type { OpenRun } from '../context.ts';
import { type NodeRun, pathOf, placeOf } from '../scope.ts';

/** Other tasks of the fleet spend too, but reports of an agent can come many times a second. */
const LOOK_AGAIN_MS = 3_000;

/** What one session may cost: what is left to its node, and to its fleet. */
export interface SessionBudget {
  /** Why it may not start, to complete "Node `x` …"; null: it may. */
  refusal: string | null;
  /** The node has asked nobody so far, so it has cost nothing. */
  isFirst: boolean;
  mayCost(costUsd: number): boolean;
  /** Counts what it came to, at once, and says why it was over; null: it was not. Throws FenceLost. */
  settle(result: Pick<AgentResult, 'costUsd' | 'prompted'>, worstCaseUsd: number): Promise<string | null>;
}

/** For the session that starts next; nodes that ask again open it anew. */
export async function openBudget(
  run: OpenRun,
  of: NodeRun,
  { budgetUsd }: { budgetUsd: number | null },
): Promise<SessionBudget> {
  const { context, task, spending } = run;
  const place = placeOf(of);
  const spentUsd = spending.countedUsd.get(place) ?? 0;
  const ofNode = nodeBudget(budgetUsd, spentUsd);
  let ofFleet = await fleetBudget(run);
  let lookedAt = context.clock.now();
  const budgets = (): Budget[] => [...ofNode, ...ofFleet];

  function lookAgain(): void {
    const now = context.clock.now();
    if (ofFleet.length === 0 || now - lookedAt < LOOK_AGAIN_MS) return;
    lookedAt = now;
    fleetBudget(run).then(
      (budget) => {
        ofFleet = budget;
      },
      (error: unknown) => context.log.warn({ task: task.id, err: error }, "a fleet's costs could not be read"),
    );
  }

  return {
    refusal: usedUp(budgets()),
    isFirst: !spending.prompted.has(pathOf(of)),
    mayCost(costUsd) {
      lookAgain();
      return overrun(budgets(), costUsd) === null;
    },
    async settle(result, worstCaseUsd) {
      const cost = sessionCost(result, worstCaseUsd);
      spending.countedUsd.set(place, addUsd(spentUsd, cost.countedUsd));
      if (result.prompted) spending.prompted.add(pathOf(of));
      // Before it is counted: a look at the fleet's sum that comes back later would hold it already.
      const reason = result.costUsd === null ? null : overrun(budgets(), result.costUsd);
      await context.store.write((tx) => tx.tasks.recordCost(task, cost));
      return reason;
    },
  };
}

const nodeBudget = (limitUsd: number | null, spentUsd: number): Budget[] =>
  limitUsd === null ? [] : [{ of: 'node', key: 'its `budget_usd`', limitUsd, spentUsd }];

async function fleetBudget({ context, fleet: { id, plan } }: OpenRun): Promise<Budget[]> {
  if (plan.budgetUsd === null) return [];
  const spentUsd = await context.store.read.tasks.countedOfFleet(id);
  const isOfWorkflow = plan.workflow.limits.budgetUsd === plan.budgetUsd;
  const key = isOfWorkflow ? '`limits.budget_usd`' : "the settings' `max_fleet_budget_usd`";
  return [{ of: 'fleet', key, limitUsd: plan.budgetUsd, spentUsd }];
}
