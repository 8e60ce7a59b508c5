import { parseDispatch } from '../core/command/parse-dispatch.ts';
import { type Doors, storeRequest } from './inbox.ts';
import { dispatchPayload, senderOf } from './payloads.ts';

/** `repository_dispatch` with `event_type: fleet` becomes a stored request; bots may, the fleet half decides which. */
export async function acceptDispatch(doors: Doors, deliveryId: string, payload: unknown): Promise<void> {
  const parsed = dispatchPayload.safeParse(payload);
  if (!parsed.success) {
    doors.log.warn({ delivery: deliveryId, faults: parsed.error.issues }, 'cannot read this dispatch delivery');
    return;
  }
  const { action, client_payload, repository, installation, sender } = parsed.data;
  if (action !== 'fleet') return;
  const dispatch = parseDispatch(client_payload);
  await storeRequest(doors, deliveryId, {
    door: 'dispatch',
    installationId: installation.id,
    controlRepository: { id: repository.id, fullName: repository.full_name },
    sender: senderOf(sender),
    origin: null,
    command: dispatch.ok
      ? { ok: true, command: dispatch.command }
      : { ok: false, message: dispatch.message, hint: dispatch.hint },
    idempotencyKey: dispatch.ok ? dispatch.idempotencyKey : null,
  });
}
