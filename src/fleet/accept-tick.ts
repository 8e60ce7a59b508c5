import type { BoxMark, BoxMeaning } from '../core/checkbox/box.ts';
import { openBoxes } from '../core/checkbox/open-boxes.ts';
import type { FleetEvent, RecordedEvent } from '../core/events.ts';
import { Refusal } from '../core/refusals.ts';
import type { FleetRequest, IssueEdit } from '../core/request.ts';
import type { FleetContext } from './context.ts';
import { isOurText } from './our-text.ts';

/**
 * Whether the box was ours and stands for what the fleet waits for now; records box_ticked. Asks no permission: whoever
 * carries the command out does. Throws Refusal.
 * `receivedAt`: of the delivery. Tried again after a crash, it finds what it did itself; where the command is still to
 * be carried out, as a limit put it off, the box must stand for this moment once more.
 */
export async function acceptTick(
  { store, clock }: Pick<FleetContext, 'store' | 'clock'>,
  { sender }: Pick<FleetRequest, 'sender'>,
  edit: IssueEdit,
  { means, token }: BoxMark,
  receivedAt: number,
): Promise<void> {
  await store.write(async (tx) => {
    const fleet = await tx.fleets.get(edit.fleet);
    if (fleet === undefined) throw new Error(`Fleet ${edit.fleet} vanished`);
    const events = await tx.events.ofFleet(fleet.id);
    const accepted = events.findIndex(
      ({ at, event }) =>
        event.type === 'box_ticked' &&
        event.by === sender.login &&
        event.box === means &&
        event.token === token &&
        at >= receivedAt,
    );
    const known = accepted !== -1;
    const done = ({ event }: RecordedEvent) =>
      event.type === recordOf(means) && 'by' in event && event.by === sender.login;
    if (known && events.slice(accepted).some(done)) return;
    if (!known && !(await isOurText(tx.effects, fleet.id, edit.before))) {
      throw new Refusal(
        'put_back',
        'When the box was ticked, the text of this issue was not the one that Flotilla wrote.',
        'Read it as it is now, and tick the box again.',
      );
    }
    const gatesClosed = events.filter(({ event }) => event.type === 'gate_closed').length;
    const tasks = await tx.tasks.ofFleet(fleet.id);
    const boxes = openBoxes({ fleet, tasks, approvals: await tx.approvals.ofFleet(fleet.id), gatesClosed });
    if (!boxes.some((box) => box.means === means && box.token === token)) {
      throw new Refusal(
        'stale_box',
        `\`${fleet.id}\` had moved on by the time the box was ticked, so nothing was done.`,
        'Read the issue as it is now. Where it waits for you, it has a new box.',
      );
    }
    if (!known)
      await tx.events.append(fleet.id, clock.now(), { type: 'box_ticked', v: 1, by: sender.login, box: means, token });
  });
}

/** What the box's command records when it is carried out. */
function recordOf(means: BoxMeaning): FleetEvent['type'] {
  switch (means) {
    case 'approve:plan':
      return 'fleet_approved';
    case 'approve:gate':
      return 'gate_opened';
    case 'cancel':
      return 'fleet_cancel_requested';
    case 'retry':
      return 'fleet_retried';
    default:
      return 'approval_decided';
  }
}
