import type { Plan } from '../core/plan.ts';
import { readPlan } from './documents.ts';
import type { Db } from './schema.ts';

const PLANS_KEPT = 50;

/** By what all transactions of a handle share: ids are unique within a database alone. */
const plansOfHandles = new WeakMap<object, Map<string, Plan>>();

/**
 * The plan of a fleet, which is frozen: read once for each handle. Rows are read at every change of a task, and the plan
 * of 10,000 repositories is a text of a megabyte. Throws when there is no such fleet.
 */
export async function planOf(db: Db, id: string): Promise<Plan> {
  const { adapter } = db.getExecutor();
  const plans = plansOfHandles.get(adapter) ?? new Map<string, Plan>();
  plansOfHandles.set(adapter, plans);
  const known = plans.get(id);
  if (known !== undefined) return known;
  const { plan: text } = await db.selectFrom('fleets').select('plan').where('id', '=', id).executeTakeFirstOrThrow();
  const plan = readPlan(text);
  if (plans.size >= PLANS_KEPT) plans.clear();
  plans.set(id, plan);
  return plan;
}
