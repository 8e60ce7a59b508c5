import { Refusal } from '../core/refusals.ts';
import type { FleetRequest } from '../core/request.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { FleetContext } from './context.ts';

/** The fleet that a verb means: the named one, or that of the tracking issue or pull request it was given on. */
export async function findFleet(context: FleetContext, request: FleetRequest, named: string | null): Promise<FleetRow> {
  const fleet = named === null ? await byPlace(context, request) : await context.store.read.fleets.get(named);
  // A fleet of another control repository is treated as unknown, so that its existence does not leak.
  const here = fleet?.controlRepositoryId === request.controlRepository.id || (named === null && fleet !== undefined);
  if (fleet !== undefined && here && fleet.installationId === request.installationId) return fleet;
  throw new Refusal(
    'unknown_fleet',
    named === null
      ? "This issue is neither a fleet's tracking issue nor one of its pull requests, nor was a fleet asked for here."
      : `\`${request.controlRepository.fullName}\` has no fleet \`${named}\`.`,
    named === null
      ? 'Name the fleet (`/fleet status f-…`), or give the command on its tracking issue.'
      : "Look for the id in the tracking issue's first lines.",
  );
}

/** Id of the fleet that a request is about which was refused; null: of none, or of one that is unknown there. */
export async function meantFleet(context: FleetContext, request: FleetRequest): Promise<string | null> {
  const { edit, command } = request;
  if (edit !== undefined) return edit.fleet;
  if (!command.ok || !('fleet' in command.command)) return null;
  try {
    return (await findFleet(context, request, command.command.fleet)).id;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

async function byPlace(context: FleetContext, request: FleetRequest): Promise<FleetRow | undefined> {
  const { origin, controlRepository } = request;
  if (origin === null) return undefined;
  const { fleets } = context.store.read;
  return (
    (await fleets.byTrackingIssue(controlRepository.id, origin.issueNumber)) ??
    (await fleets.byPullRequest(controlRepository.id, origin.issueNumber)) ??
    (await askedForHere(context, controlRepository.id, origin.issueNumber))
  );
}

const SHOWN = 10;

/**
 * On the issue where fleets were asked for: the one that has not ended, else the newest. Throws Refusal when several
 * have not ended, as nobody wants to approve or cancel the wrong one.
 */
async function askedForHere(
  context: FleetContext,
  controlRepositoryId: number,
  issueNumber: number,
): Promise<FleetRow | undefined> {
  const recent = await context.store.read.fleets.ofControlRepository(controlRepositoryId, 50);
  const asked = recent.filter(({ origin }) => origin?.issueNumber === issueNumber);
  const unended = asked.filter(({ endedAt }) => endedAt === null);
  if (unended.length <= 1) return unended[0] ?? asked[0];
  const named = unended.slice(0, SHOWN).map(({ id, workflow }) => `\`${id}\` (${workflow})`);
  throw new Refusal(
    'unknown_fleet',
    `${unended.length} fleets that were asked for here have not ended: ${named.join(', ')}.`,
    'Name the one that you mean, or give the command on its tracking issue.',
  );
}
