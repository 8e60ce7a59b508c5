import type { Person } from '../core/plan.ts';
import { Refusal } from '../core/refusals.ts';
import type { DecisionWords } from '../core/request.ts';
import { isHeld } from '../core/rollout/opening.ts';
import type { ApprovalRow } from '../store/contract/approvals.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { Tx } from '../store/contract/store.ts';
import { type ApproverSettings, requireApprover, requireOther } from './authorize-approver.ts';
import type { FleetAtPlace } from './authorize-verb.ts';
import { chooseApprovals } from './choose-approvals.ts';
import type { FleetContext } from './context.ts';

/** An approval that the command has answered. */
export interface Decided {
  repository: string;
  nodeId: string;
}

/**
 * Answers the approvals that the words mean, all of them or none. Throws Refusal.
 * `receivedAt`: of the delivery. What was asked after it is not meant: nobody could have read it. Tried again after a
 * crash, it finds what it did itself and has succeeded.
 */
export async function decide(
  { store, clock }: Pick<FleetContext, 'store' | 'clock'>,
  found: Pick<FleetAtPlace, 'fleet'>,
  settings: ApproverSettings,
  sender: Person,
  words: DecisionWords & { decision: string },
  receivedAt: number,
): Promise<Decided[]> {
  requireApprover(settings, sender);
  requireOther(settings, sender, found.fleet);
  const answer = { decision: words.decision, text: words.text ?? '', by: { id: sender.id, login: sender.login } };
  const now = clock.now();
  return store.write(async (tx) => {
    const fleet = await tx.fleets.get(found.fleet.id);
    if (fleet === undefined) throw new Error(`Fleet ${found.fleet.id} vanished`);
    const approvals = await tx.approvals.ofFleet(fleet.id);
    const tasks = await tx.tasks.ofFleet(fleet.id);
    const heldSince = isHeld(fleet) ? fleet.gateSince : null;
    const choice = chooseApprovals({ fleet: fleet.id, heldSince, approvals, tasks, words, sender, receivedAt, now });
    if (!choice.decidedBefore) {
      requireUncancelled(fleet);
      for (const { approval } of choice.chosen) await decideOne(tx, approval, answer, now);
    }
    return choice.chosen.map(({ approval, task }) => ({ repository: task.repository, nodeId: approval.nodeId }));
  });
}

async function decideOne(
  tx: Tx,
  approval: ApprovalRow,
  answer: { decision: string; text: string; by: Person },
  now: number,
): Promise<void> {
  const decided = await tx.approvals.decide(approval, answer, now);
  if (!decided) throw new Error(`Approval ${approval.nodeId} of ${approval.taskId} is open and cannot be decided`);
}

function requireUncancelled({ id, cancelRequestedAt }: FleetRow): void {
  if (cancelRequestedAt === null) return;
  throw new Refusal(
    'wrong_state',
    `\`${id}\` is being cancelled.`,
    'To run it after all, give its command again once it has ended.',
  );
}
