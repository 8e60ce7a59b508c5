import type { Person } from '../core/plan.ts';
import { Refusal } from '../core/refusals.ts';
import type { FleetRequest } from '../core/request.ts';
import type { SharedSettings } from '../core/settings/types.ts';
import { GitHubError } from '../ports/github-reads.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import { atPlace, type FleetAtPlace, fleetForVerb } from './authorize-verb.ts';
import type { FleetContext } from './context.ts';
import { findFleet } from './find-fleet.ts';
import { limitReached } from './limit-reached.ts';
import { loadSettings } from './load-settings.ts';

/** Who may approve, decide, reject and undo. */
export type ApproverSettings = Pick<SharedSettings, 'approvers' | 'notSender'>;

/** For somebody who can write, or whom `approvers:` names; a silent Refusal for everybody else. */
export async function fleetForApprover(
  context: FleetContext,
  request: FleetRequest,
  named: string | null,
): Promise<FleetAtPlace> {
  try {
    return await fleetForVerb(context, request, named);
  } catch (error) {
    const stranger = error instanceof Refusal && error.silent && error.code === 'not_permitted';
    const found = stranger ? await forListedApprover(context, request, named) : undefined;
    if (found === undefined) throw error;
    return found;
  }
}

/** Throws Refusal where the settings name approvers and the sender is none of them. */
export function requireApprover(settings: ApproverSettings, sender: Person): void {
  if (settings.approvers === null || isListedApprover(settings, sender)) return;
  throw new Refusal(
    'not_permitted',
    'Only the people under `approvers:` in the settings may approve, reject and undo here.',
    'Ask one of them.',
  );
}

/** Throws Refusal where the settings want another person than the one who asked. */
export function requireOther(settings: ApproverSettings, sender: Person, fleet: FleetRow): void {
  if (!settings.notSender || (sender.id !== fleet.sender.id && sender.id !== fleet.runAs.id)) return;
  throw new Refusal(
    'not_permitted',
    'The settings (`not_sender: true`) forbid approving what one asked for oneself.',
    'Ask another approver.',
  );
}

function isListedApprover({ approvers }: ApproverSettings, { login }: Person): boolean {
  return approvers?.some((listed) => listed.toLowerCase() === login.toLowerCase()) ?? false;
}

/** undefined: not listed, or that cannot be told; whatever stands in the way is no business of a stranger. */
async function forListedApprover(
  context: FleetContext,
  request: FleetRequest,
  named: string | null,
): Promise<FleetAtPlace | undefined> {
  try {
    const found = await atPlace(context, request, await findFleet(context, request, named));
    const reads = context.github.reads(request.installationId);
    const settings = await loadSettings(context, reads, found.control);
    return isListedApprover(settings, request.sender) ? found : undefined;
  } catch (error) {
    if (error instanceof GitHubError && error.kind === 'limited') throw limitReached(error, { silent: true });
    if (error instanceof GitHubError || error instanceof Refusal) return undefined;
    throw error;
  }
}
