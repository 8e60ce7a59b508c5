import { fleetKey } from '../core/fleet-key.ts';
import { newFleetId, newTaskId } from '../core/ids.ts';
import type { Plan } from '../core/plan.ts';
import type { Command, FleetRequest } from '../core/request.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import { acknowledge } from './acknowledge.ts';
import { authorizeSubmit } from './authorize.ts';
import type { FleetContext } from './context.ts';
import { controlRepository } from './control-repository.ts';
import { findWorkflow } from './find-workflow.ts';
import { loadSettings } from './load-settings.ts';
import { makePlan, resolveGivenInputs } from './make-plan.ts';
import { selectTargets } from './select-targets.ts';

export type Submit = Extract<Command, { verb: 'submit' }>;

/** started: a new fleet. already_running: its key has a fleet that has not ended, or this delivery was answered before. */
export interface Submitted {
  kind: 'started' | 'already_running';
  fleet: FleetRow;
}

const APPROVAL_MS = 24 * 60 * 60_000;

/** authorize → load workflow → select services → plan → write rows. Throws Refusal with what is wrong and what to do. */
export async function submit(
  context: FleetContext,
  request: FleetRequest,
  command: Submit,
  deliveryId: string,
): Promise<Submitted> {
  const answered = await answeredBefore(context, request, deliveryId);
  if (answered !== undefined) return { kind: 'started', fleet: answered };

  const reads = context.github.reads(request.installationId);
  const control = await controlRepository(reads, request);
  const settings = await loadSettings(context, reads, control);
  const authorized = await authorizeSubmit(context, reads, request, control, settings, command.workflow);
  await acknowledge(context, request, deliveryId);

  const { source, workflow } = await findWorkflow(context, reads, control, command.workflow);
  const inputs = resolveGivenInputs(workflow, command.inputs);
  const key = fleetKey({
    installationId: request.installationId,
    controlRepositoryId: control.id,
    workflow: command.workflow,
    inputs,
  });
  const running = await context.store.read.fleets.unendedByKey(key);
  if (running !== undefined) return { kind: 'already_running', fleet: running };

  const selection = await selectTargets(reads, control, workflow, command.flags, settings, authorized);
  const plan = makePlan({ context, source, workflow, inputs, selection, settings, flags: command.flags });
  return record(context, request, deliveryId, key, plan, authorized.runAs);
}

async function answeredBefore(
  context: FleetContext,
  request: FleetRequest,
  deliveryId: string,
): Promise<FleetRow | undefined> {
  const { fleets } = context.store.read;
  const byDelivery = await fleets.byDelivery(deliveryId);
  if (byDelivery !== undefined || request.idempotencyKey === null) return byDelivery;
  return fleets.byIdempotencyKey(request.installationId, request.idempotencyKey);
}

async function record(
  context: FleetContext,
  request: FleetRequest,
  deliveryId: string,
  key: string,
  plan: Plan,
  runAs: FleetRow['runAs'],
): Promise<Submitted> {
  const now = context.clock.now();
  const id = newFleetId(context.random);
  const tasks = plan.targets.map(({ repositoryId, repository }) => ({
    id: newTaskId(context.random),
    repositoryId,
    repository,
  }));
  return context.store.write(async (tx) => {
    const inserted = await tx.fleets.insert(
      {
        id,
        installationId: request.installationId,
        controlRepositoryId: request.controlRepository.id,
        controlRepository: request.controlRepository.fullName,
        fleetKey: key,
        workflow: plan.source.name,
        branch: plan.branch,
        plan,
        sender: { id: request.sender.id, login: request.sender.login },
        runAs: { id: runAs.id, login: runAs.login },
        door: request.door,
        origin: request.origin,
        deliveryId,
        idempotencyKey: request.idempotencyKey,
        createdAt: now,
        expiresAt: plan.flags.plan || plan.confirmOver !== null ? now + APPROVAL_MS : null,
      },
      tasks,
      { type: 'fleet_planned', v: 1, by: request.sender.login, targets: tasks.length, leftOut: plan.leftOut.length },
    );
    if (!inserted.inserted) return { kind: 'already_running' as const, fleet: inserted.conflict };
    const fleet = await tx.fleets.get(id);
    if (fleet === undefined) throw new Error(`Fleet ${id} was inserted and is not there`);
    return { kind: 'started' as const, fleet };
  });
}
