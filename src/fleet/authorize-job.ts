import type { Person } from '../core/plan.ts';
import { Refusal } from '../core/refusals.ts';
import type { Command, FleetRequest } from '../core/request.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import { listedDispatcher } from './authorize.ts';
import type { FleetContext } from './context.ts';
import { controlRepository } from './control-repository.ts';
import { findFleet } from './find-fleet.ts';
import { loadSettings } from './load-settings.ts';

/** What a job may do with a fleet of its own. Nothing that a person has to decide: it would approve what it asked for. */
const VERBS: ReadonlySet<Command['verb']> = new Set(['status', 'cancel', 'retry']);

/** A job of GitHub Actions that asks through the HTTP API; its token proved its repository, which is where it speaks. */
export const isJob = ({ door, sender }: Pick<FleetRequest, 'door' | 'sender'>): boolean =>
  door === 'api' && sender.type === 'Bot';

/** Whether a job of this repository asked for the fleet. What people asked for there is no business of jobs. */
export function isOfJobs(
  fleet: Pick<FleetRow, 'controlRepositoryId' | 'door' | 'sender'>,
  job: { person: Person; repositoryId: number },
): boolean {
  const { controlRepositoryId, door, sender } = fleet;
  return (
    controlRepositoryId === job.repositoryId && (door === 'api' || door === 'dispatch') && sender.id === job.person.id
  );
}

/** Whether jobs of the fleet's control repository may still ask for its workflow. Throws Refusal, GitHubError. */
export async function isStillListed(
  context: FleetContext,
  job: Person,
  fleet: Pick<FleetRow, 'installationId' | 'controlRepositoryId' | 'controlRepository' | 'workflow'>,
): Promise<boolean> {
  const { installationId, controlRepositoryId: id, controlRepository: fullName, workflow } = fleet;
  const reads = context.github.reads(installationId);
  const control = await controlRepository(reads, { controlRepository: { id, fullName } });
  const settings = await loadSettings(context, reads, control);
  return listedDispatcher(settings, job, control, workflow) !== undefined;
}

/** The fleet that a job names, for one of the few verbs of jobs. Throws Refusal. */
export async function fleetOfJob(
  context: FleetContext,
  request: FleetRequest,
  named: string | null,
): Promise<FleetRow> {
  const { id, fullName } = request.controlRepository;
  const fleet = await findFleet(context, request, named);
  const own = isOfJobs(fleet, { person: request.sender, repositoryId: id });
  if (!own || !(await isStillListed(context, request.sender, fleet))) {
    throw new Refusal(
      'unknown_fleet',
      `Jobs of \`${fullName}\` have no fleet \`${fleet.id}\`.`,
      'Look for the id in the answer to the job that started it.',
    );
  }
  const verb = request.command.ok ? request.command.command.verb : null;
  if (verb === null || !VERBS.has(verb)) {
    throw forPeople('A job may start fleets, and follow, cancel and retry those that jobs of its repository started.');
  }
  if (verb === 'retry' && (await isStoppedByPerson(context, request.sender, fleet))) {
    throw forPeople(
      `\`${fleet.id}\` was cancelled, by a person or for want of one, and a job does not take that back.`,
    );
  }
  return fleet;
}

/** Also where nobody let it go on in time: to try it again would be to decide it. */
async function isStoppedByPerson(
  { store }: FleetContext,
  job: Person,
  { id, cancelRequestedAt }: FleetRow,
): Promise<boolean> {
  if (cancelRequestedAt === null) return false;
  const [last] = await store.read.events.lastOfFleet(id, ['fleet_cancel_requested', 'fleet_rejected'], 1);
  return last?.event.type !== 'fleet_cancel_requested' || last.event.by !== job.login;
}

const forPeople = (why: string): Refusal =>
  new Refusal('not_permitted', why, "Send this with a person's token, or give the command on the tracking issue.");
