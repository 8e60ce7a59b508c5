import { type Budget, DAY_MS, limitOf, roomAgainAt, usedUp } from '../core/budget.ts';
import type { Person, Plan } from '../core/plan.ts';
import { Refusal } from '../core/refusals.ts';
import { utc } from '../core/render/amounts.ts';
import { safeText } from '../core/render/safe-text.ts';
import type { FleetContext } from './context.ts';

/** What is left to the person for the next session; null: the operator sets no ceiling. US dollars. */
export async function dayBudget(context: FleetContext, person: Person): Promise<DayBudget | null> {
  const limitUsd = context.settings.maxUserBudgetUsdPerDay;
  if (limitUsd === null) return null;
  const of = { of: 'user', userId: person.id, since: context.clock.now() - DAY_MS } as const;
  const counted = await context.store.read.sessions.counted(of);
  const budget: Budget = { of: 'user', key: '', limitUsd, ...counted };
  const roomAt =
    usedUp([budget]) === undefined
      ? null
      : roomAgainAt(await context.store.read.sessions.ofUser(of.userId, of.since), limitUsd);
  const leftUsd = Math.max(0, limitUsd - counted.spentUsd - counted.toldUsd);
  return { limitUsd, leftUsd, roomAt };
}

interface DayBudget {
  limitUsd: number;
  leftUsd: number;
  /** When something of it is free again, epoch milliseconds; null: something is. */
  roomAt: number | null;
}

/** Throws Refusal for a plan that asks agents on behalf of somebody who may ask none today. */
export function requireRoom({ agentEstimate }: Plan, day: DayBudget | null, { login }: Person): void {
  if (agentEstimate === null || day === null || day.leftUsd > 0) return;
  const again = day.roomAt === null ? 'later' : `after ${utc(day.roomAt)}`;
  throw new Refusal(
    'budget_used_up',
    `The workflow asks agents, and the sessions that ${safeText(login, 100)} asked for in the last 24 hours count for all of the ${limitOf(day)} that the operator allows a person (\`max_user_budget_usd_per_day\`).`,
    `Give the command again ${again}, or ask the operator for more a day.`,
  );
}
