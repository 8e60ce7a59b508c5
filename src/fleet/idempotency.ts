import { fleetKey } from '../core/fleet-key.ts';
import { resolveInputs } from '../core/inputs/resolve-inputs.ts';
import { Refusal } from '../core/refusals.ts';
import type { Command, FleetRequest } from '../core/request.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { FleetContext } from './context.ts';

/**
 * The fleet that this request's idempotency key has started before in this control repository. Compared by that fleet's
 * own workflow, so that a file that has changed or gone since makes no difference. Throws Refusal when the key was used
 * for something else.
 */
export async function startedByKey(
  context: FleetContext,
  request: FleetRequest,
  command: Extract<Command, { verb: 'submit' }>,
): Promise<FleetRow | undefined> {
  const { installationId, idempotencyKey } = request;
  const controlRepositoryId = request.controlRepository.id;
  if (idempotencyKey === null) return undefined;
  const { fleets } = context.store.read;
  const earlier = await fleets.byIdempotencyKey(installationId, controlRepositoryId, idempotencyKey);
  if (earlier === undefined) return undefined;
  const { workflow } = command;
  const resolved = resolveInputs(earlier.plan.workflow.inputs, command.inputs);
  const key = resolved.ok && fleetKey({ installationId, controlRepositoryId, workflow, inputs: resolved.values });
  if (key !== earlier.fleetKey) throw keyTaken(earlier, idempotencyKey);
  return earlier;
}

export function keyTaken({ id, workflow }: FleetRow, key: string): Refusal {
  return new Refusal(
    'idempotency_conflict',
    `\`${key.replaceAll('`', "'")}\` has started \`${id}\` (\`${workflow}\`), with another workflow or other inputs than these.`,
    'Nothing was started. Send a key of its own for each workflow and its inputs.',
  );
}
