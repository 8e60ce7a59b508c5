import { fleetKey } from '../core/fleet-key.ts';
import { newFleetId, newTaskId } from '../core/ids.ts';
import type { Plan } from '../core/plan.ts';
import type { Command, FleetRequest } from '../core/request.ts';
import type { FleetRow, NewFleet } from '../store/contract/fleets.ts';
import { acknowledge } from './acknowledge.ts';
import { authorizeSubmit } from './authorize.ts';
import type { FleetContext } from './context.ts';
import { dayBudget, requireRoom } from './day-budget.ts';
import { earlierTasks } from './earlier-tasks.ts';
import { findWorkflow } from './find-workflow.ts';
import { keyTaken, startedByKey } from './idempotency.ts';
import { makePlan, resolveGivenInputs } from './make-plan.ts';
import { selectSiblings } from './select-siblings.ts';
import { selectTargets } from './select-targets.ts';

export type Submit = Extract<Command, { verb: 'submit' }>;

/** started: a new fleet, or the one of this delivery or idempotency key. already_running: its key has a fleet that has not ended. */
export interface Submitted {
  kind: 'started' | 'already_running';
  fleet: FleetRow;
}

export const APPROVAL_MS = 24 * 60 * 60_000;
/** Models, prices and workflows change. */
const EARLIER_MS = 30 * 24 * 60 * 60_000;

/** authorize → load workflow → select services → plan → write rows. Throws Refusal with what is wrong and what to do. */
export async function submit(
  context: FleetContext,
  request: FleetRequest,
  command: Submit,
  deliveryId: string,
): Promise<Submitted> {
  const { fleets } = context.store.read;
  const answered = await fleets.byDelivery(deliveryId);
  if (answered !== undefined) return { kind: 'started', fleet: answered };

  const reads = context.github.reads(request.installationId);
  const authorized = await authorizeSubmit(context, reads, request, command.workflow);
  await acknowledge(context, request, deliveryId);
  const started = await startedByKey(context, request, command);
  if (started !== undefined) return { kind: 'started', fleet: started };

  const { control, settings, runAs } = authorized;
  const { source, workflow } = await findWorkflow(context, reads, control, command.workflow);
  const inputs = resolveGivenInputs(workflow, command.inputs);
  const key = fleetKey({
    installationId: request.installationId,
    controlRepositoryId: control.id,
    workflow: command.workflow,
    inputs,
  });
  const running = await fleets.unendedByKey(key);
  if (running !== undefined) return { kind: 'already_running', fleet: running };

  const id = newFleetId(context.random);
  const { flags } = command;
  const earlier = await earlierTasks(context.store, key, id);
  const selection = await selectTargets(reads, { workflow, flags, earlier }, authorized);
  const siblings = await selectSiblings(reads, workflow, authorized);
  const day = await dayBudget(context, runAs);
  const since = context.clock.now() - EARLIER_MS;
  const earlierCosts = await context.store.read.sessions.earlierCosts(control.id, source.name, since);
  const money = { leftUsd: day?.leftUsd ?? null, earlierCosts };
  const plan = makePlan({ context, source, workflow, inputs, selection, siblings, settings, flags, ...money });
  // A plan that waits for approval spends nothing until then.
  if (!waitsForApproval(plan)) requireRoom(plan, day, runAs);
  return record(context, newFleet(context, request, { id, deliveryId, key, plan, runAs }));
}

const waitsForApproval = ({ flags, confirmOver }: Plan): boolean => flags.plan || confirmOver !== null;

function newFleet(
  context: FleetContext,
  request: FleetRequest,
  of: { id: string; deliveryId: string; key: string; plan: Plan; runAs: FleetRow['runAs'] },
): NewFleet {
  const { id, deliveryId, key, plan, runAs } = of;
  const now = context.clock.now();
  return {
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
    expiresAt: waitsForApproval(plan) ? now + APPROVAL_MS : null,
  };
}

async function record(context: FleetContext, fleet: NewFleet): Promise<Submitted> {
  const { plan } = fleet;
  const tasks = plan.targets.map(({ repositoryId, repository, wave, stage }) => ({
    id: newTaskId(context.random),
    repositoryId,
    repository,
    wave,
    stage,
  }));
  return context.store.write(async (tx) => {
    const inserted = await tx.fleets.insert(fleet, tasks, {
      type: 'fleet_planned',
      v: 1,
      by: fleet.sender.login,
      targets: tasks.length,
      leftOut: plan.leftOut.length,
    });
    if (!inserted.inserted) return otherThan(fleet, inserted.conflict);
    const row = await tx.fleets.get(fleet.id);
    if (row === undefined) throw new Error(`Fleet ${fleet.id} was inserted and is not there`);
    return { kind: 'started', fleet: row };
  });
}

/** Another request was quicker since the reads above. */
function otherThan({ deliveryId, idempotencyKey, fleetKey: key }: NewFleet, conflict: FleetRow): Submitted {
  if (conflict.fleetKey === key) {
    const same = conflict.deliveryId === deliveryId || (idempotencyKey ?? '') === conflict.idempotencyKey;
    return { kind: same ? 'started' : 'already_running', fleet: conflict };
  }
  if (conflict.deliveryId === deliveryId || idempotencyKey === null) return { kind: 'started', fleet: conflict };
  throw keyTaken(conflict, idempotencyKey);
}
