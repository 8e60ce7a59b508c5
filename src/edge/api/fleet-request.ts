import type { Command, FleetRequest } from '../../core/request.ts';
import type { Caller } from '../../ports/callers.ts';

/**
 * What a comment's delivery would hold. Throws nothing: the verbs ask what the caller may. A job speaks in its own
 * repository, which its token proves, whatever fleet it names.
 */
export function fleetRequest(
  caller: Caller,
  at: { installationId: number; controlRepository: { id: number; fullName: string } },
  command: Command,
): FleetRequest {
  const { id, login } = caller.person;
  return {
    door: 'api',
    installationId: at.installationId,
    controlRepository: caller.kind === 'job' ? caller.repository : at.controlRepository,
    sender: { id, login, type: caller.kind === 'job' ? 'Bot' : 'User' },
    origin: null,
    command: { ok: true, command },
    idempotencyKey: null,
  };
}
