import type { Repository } from '../core/plan.ts';
import type { FleetRequest } from '../core/request.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import { requireWrite } from './authorize.ts';
import type { FleetContext } from './context.ts';
import { controlRepository } from './control-repository.ts';
import { findFleet } from './find-fleet.ts';

/** The fleet that a verb means, for a sender who can write where they speak and to the fleet's control repository. */
export async function fleetForVerb(
  context: FleetContext,
  request: FleetRequest,
  named: string | null,
): Promise<{ fleet: FleetRow; control: Repository }> {
  const reads = context.github.reads(request.installationId);
  const place = await controlRepository(reads, request);
  await requireWrite(reads, place, request.sender);
  const fleet = await findFleet(context, request, named);
  if (fleet.controlRepositoryId === place.id) return { fleet, control: place };
  const control = await controlRepository(reads, {
    controlRepository: { id: fleet.controlRepositoryId, fullName: fleet.controlRepository },
  });
  await requireWrite(reads, control, request.sender);
  return { fleet, control };
}
