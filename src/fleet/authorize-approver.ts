import type { Person } from '../core/plan.ts';
import { Refusal } from '../core/refusals.ts';
import type { FleetRequest } from '../core/request.ts';
import type { SharedSettings } from '../core/settings/types.ts';
import { GitHubError } from '../ports/github-reads.ts';
import { atPlace, type FleetAtPlace, fleetForVerb } from './authorize-verb.ts';
import type { FleetContext } from './context.ts';
import { findFleet } from './find-fleet.ts';
import { limitReached } from './limit-reached.ts';
import { loadSettings } from './load-settings.ts';

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

export function isListedApprover({ approvers }: SharedSettings, { login }: Person): boolean {
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
