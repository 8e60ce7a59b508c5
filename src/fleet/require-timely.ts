import { isTooLate, LATE_AFTER_MINUTES } from '../core/missed-deliveries.ts';
import { Refusal } from '../core/refusals.ts';
import { utc } from '../core/render/amounts.ts';
import type { DeliveryRow } from '../store/contract/deliveries.ts';
import type { FleetContext } from './context.ts';
import { requireSender } from './permission.ts';

/**
 * Throws a Refusal for what was said more than 30 minutes before it arrived: somebody who got no answer has long done
 * something else. Strangers get the silent one.
 */
export async function requireTimely(context: FleetContext, { id, request, receivedAt }: DeliveryRow): Promise<void> {
  // A dispatch does not say when it was sent: GitHub's first attempt to deliver it does.
  const saidAt = request.saidAt ?? (await context.store.read.missed.firstAt(id));
  if (saidAt === undefined || !isTooLate(saidAt, receivedAt)) return;
  await requireSender(context.github.reads(request.installationId), request);
  throw new Refusal(
    'too_late',
    `It was given at ${utc(saidAt)} and arrived at ${utc(receivedAt)}. After ${LATE_AFTER_MINUTES} minutes nothing is carried out any more.`,
    `Nothing was done. ${request.door === 'dispatch' ? 'Send the dispatch' : 'Give the command'} again if it is still wanted.`,
  );
}
