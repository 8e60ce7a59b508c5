import { isTerminal } from '../../../core/status.ts';
import { cancel } from '../../../fleet/cancel.ts';
import { carryOut } from '../carry-out.ts';
import { apiRoute } from '../route.ts';
import { cancelledSchema } from '../schemas/verbs.ts';
import { VERB_REFUSALS } from './verb-refusals.ts';

/** What `/fleet cancel` does. */
export const cancelRoute = apiRoute({
  method: 'POST',
  path: '/fleets/{fleet_id}/cancel',
  operationId: 'cancelFleet',
  summary: 'End what has not begun, and stop what runs and is not being pushed',
  idempotent: true,
  refuses: VERB_REFUSALS,
  answers: { 200: { description: 'It is cancelled', schema: cancelledSchema } },
  handle: (call) =>
    carryOut(
      call,
      'cancelFleet',
      (fleet) => ({ verb: 'cancel', fleet }),
      async (context, request, command, receivedAt) => {
        const { fleet } = await cancel(context, request, command.fleet, receivedAt);
        const open = (await context.store.read.tasks.ofFleet(fleet.id)).filter(({ status }) => !isTerminal(status));
        const publishing = open.filter(({ publishingAt }) => publishingAt !== null).length;
        return { stopping: open.length - publishing, publishing };
      },
    ),
});
