import type { Repository } from '../core/plan.ts';
import { Refusal } from '../core/refusals.ts';
import type { FleetRequest } from '../core/request.ts';
import { isMoreVisible } from '../core/visibility.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import { fleetOfJob, isJob } from './authorize-job.ts';
import type { FleetContext } from './context.ts';
import { controlRepository } from './control-repository.ts';
import { findFleet } from './find-fleet.ts';
import { requireWrite } from './permission.ts';

/** The fleet that a verb means, seen from the place where the verb was given. */
export interface FleetAtPlace {
  fleet: FleetRow;
  control: Repository;
  /** The answer is read by people who cannot see the control repository: it may tell the fleet's id and no more. */
  discreet: boolean;
}

/** For a sender who can write where they speak and to the fleet's control repository, and a job whose fleet it is. Throws Refusal. */
export async function fleetForVerb(
  context: FleetContext,
  request: FleetRequest,
  named: string | null,
): Promise<FleetAtPlace> {
  const find = isJob(request) ? fleetOfJob : fleetOfWriter;
  return atPlace(context, request, await find(context, request, named));
}

async function fleetOfWriter(context: FleetContext, request: FleetRequest, named: string | null): Promise<FleetRow> {
  const reads = context.github.reads(request.installationId);
  await requireWrite(reads, request.controlRepository.fullName, request.sender, { here: true });
  const fleet = await findFleet(context, request, named);
  if (fleet.controlRepositoryId !== request.controlRepository.id) {
    await requireWrite(reads, fleet.controlRepository, request.sender, { here: false });
  }
  return fleet;
}

/** Asks no permission: the caller has. Throws Refusal. */
export async function atPlace(context: FleetContext, request: FleetRequest, fleet: FleetRow): Promise<FleetAtPlace> {
  const reads = context.github.reads(request.installationId);
  if (fleet.controlRepositoryId === request.controlRepository.id) {
    return { fleet, control: await controlRepository(reads, request), discreet: false };
  }
  const place = await reads.repository(request.controlRepository.fullName);
  const control = await reads.repository(fleet.controlRepository);
  if (control === undefined || control.id !== fleet.controlRepositoryId) {
    throw new Refusal(
      'control_repository_refused',
      `The control repository of \`${fleet.id}\` is gone or out of the app's reach.`,
      'Check whether it was renamed or transferred.',
    );
  }
  return { fleet, control, discreet: place === undefined || isMoreVisible(place.visibility, control.visibility) };
}

/** Where the answer has to be discreet, so has a refusal: what it says would name the control repository and its files. */
export async function discreetly<T>({ fleet, discreet }: FleetAtPlace, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!discreet || !(error instanceof Refusal)) throw error;
    throw new Refusal(
      error.code,
      `This was not done for \`${fleet.id}\`.`,
      'Give the command on its tracking issue: the answer there says why.',
      { silent: error.silent, retryAt: error.retryAt, cause: error },
    );
  }
}
