import type { Command, FleetRequest } from '../../core/request.ts';
import type { Caller } from '../../ports/callers.ts';

/** What a comment's delivery would hold. Throws nothing: the verbs ask what the caller may. */
export function fleetRequest(
  caller: Caller,
  at: { installationId: number; controlRepository: { id: number; fullName: string } },
  command: Command,
): FleetRequest {
  const { id, login } = caller.person;
  return {
    door: 'api',
    installationId: at.installationId,
    controlRepository: at.controlRepository,
    sender: { id, login, type: caller.kind === 'job' ? 'Bot' : 'User' },
    origin: null,
    command: { ok: true, command },
    idempotencyKey: null,
  };
}
