import type { BoxMark } from '../core/checkbox/box.ts';
import { openBoxes } from '../core/checkbox/open-boxes.ts';
import { Refusal } from '../core/refusals.ts';
import type { FleetRequest, IssueEdit } from '../core/request.ts';
import type { FleetContext } from './context.ts';
import { isOurText } from './our-text.ts';

/**
 * Whether the box was ours and stands for what the fleet waits for now; records box_ticked. Asks no permission: whoever
 * carries the command out does. Throws Refusal.
 * `receivedAt`: of the delivery. Tried again after a crash, it finds what it did itself, as the box is out of date by then.
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
    const accepted = events.some(
      ({ at, event }) =>
        event.type === 'box_ticked' &&
        event.by === sender.login &&
        event.box === means &&
        event.token === token &&
        at >= receivedAt,
    );
    if (accepted) return;
    if (!(await isOurText(tx.effects, fleet.id, edit.before))) {
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
    await tx.events.append(fleet.id, clock.now(), { type: 'box_ticked', v: 1, by: sender.login, box: means, token });
  });
}
