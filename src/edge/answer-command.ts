import { openApprovals } from '../core/open-approvals.ts';
import { Refusal } from '../core/refusals.ts';
import {
  alreadyRunningReply,
  approvedReply,
  cancelledReply,
  decidedReply,
  discreetReply,
  helpReply,
  listReply,
  openedReply,
  pausedReply,
  publishingReply,
  rejectedReply,
  resumedReply,
  retriedReply,
  statusReply,
  undoReply,
} from '../core/render/replies.ts';
import type { Gate } from '../core/rollout/next-step.ts';
import { isHeld, isPaused } from '../core/rollout/opening.ts';
import { waveName } from '../core/rollout/wave-names.ts';
import { countTasks, gatesOf, rollup } from '../core/rollup.ts';
import { isTerminal } from '../core/status.ts';
import { approveOrReject, type Verdict } from '../fleet/approve-or-reject.ts';
import { cancel } from '../fleet/cancel.ts';
import type { FleetContext } from '../fleet/context.ts';
import { help } from '../fleet/help.ts';
import { list } from '../fleet/list.ts';
import { pauseOrResume } from '../fleet/pause-or-resume.ts';
import { publish } from '../fleet/publish.ts';
import { requireTimely } from '../fleet/require-timely.ts';
import { retry } from '../fleet/retry.ts';
import { status } from '../fleet/status.ts';
import { submit } from '../fleet/submit.ts';
import { undo } from '../fleet/undo.ts';
import type { DeliveryRow } from '../store/contract/deliveries.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { TaskRow } from '../store/contract/tasks.ts';

/** What the sender sees. Text null: nothing now; of a started fleet the reporter says more, with its issue's link. */
export interface Answer {
  /** For operators. */
  summary: string;
  reaction: 'rocket' | 'confused' | null;
  text: string | null;
  /** Id of the fleet that it is about; null: of none. */
  fleet: string | null;
}

/** Which verb the command names, and its result as text. Throws what the verb throws. */
export async function answerCommand(context: FleetContext, delivery: DeliveryRow): Promise<Answer> {
  const { request, receivedAt } = delivery;
  await requireTimely(context, delivery);
  if (!request.command.ok) {
    await help(context, request);
    const { message, hint } = request.command;
    throw new Refusal('invalid_command', message, hint);
  }
  const { command } = request.command;
  switch (command.verb) {
    case 'submit': {
      const { kind, fleet } = await submit(context, request, command, delivery.id);
      if (kind === 'started') return { summary: fleet.id, reaction: null, text: null, fleet: fleet.id };
      const summary = `already running: ${fleet.id}`;
      // A dispatch has no comment to answer on, and an issue that says nothing happened would only be noise.
      if (request.origin === null) {
        context.log.info({ delivery: delivery.id, fleet: fleet.id }, 'a dispatch asked for what is under way');
        return { summary, reaction: null, text: null, fleet: fleet.id };
      }
      const text = alreadyRunningReply({ ...named(fleet), status: await statusOf(context, fleet) });
      return { summary, reaction: 'confused', text, fleet: fleet.id };
    }
    case 'approve':
    case 'reject':
      return verdictAnswer(context, command.verb, await approveOrReject(context, request, command, receivedAt));
    case 'cancel': {
      const { fleet, discreet } = await cancel(context, request, command.fleet, receivedAt);
      const text = discreet
        ? discreetReply(fleet.id)
        : cancelledReply({ ...named(fleet), ...(await leftToDo(context, fleet)) });
      return { summary: `cancelled ${fleet.id}`, reaction: 'rocket', text, fleet: fleet.id };
    }
    case 'retry': {
      const { at, repositories } = await retry(context, request, command, receivedAt);
      const fleet = (await context.store.read.fleets.get(at.fleet.id)) ?? at.fleet;
      const text = at.discreet
        ? discreetReply(fleet.id)
        : retriedReply({ ...named(fleet), repositories, held: heldBy(fleet) });
      return { summary: `retried ${repositories.length} of ${fleet.id}`, reaction: 'rocket', text, fleet: fleet.id };
    }
    case 'publish': {
      const { at, repositories } = await publish(context, request, command, receivedAt);
      const fleet = (await context.store.read.fleets.get(at.fleet.id)) ?? at.fleet;
      const text = at.discreet
        ? discreetReply(fleet.id)
        : publishingReply({ ...named(fleet), repositories, paused: isPaused(fleet) });
      return { summary: `publishes ${repositories.length} of ${fleet.id}`, reaction: 'rocket', text, fleet: fleet.id };
    }
    case 'undo': {
      const { at, repositories } = await undo(context, request, command, receivedAt);
      const { fleet, discreet } = at;
      const text = discreet ? discreetReply(fleet.id) : undoReply({ ...named(fleet), repositories });
      return { summary: `undo of ${repositories.length} of ${fleet.id}`, reaction: 'rocket', text, fleet: fleet.id };
    }
    case 'pause':
    case 'resume': {
      const { fleet, discreet } = await pauseOrResume(context, request, command, receivedAt);
      const text = discreet ? discreetReply(fleet.id) : await turnedText(context, command.verb, fleet);
      return { summary: `${command.verb}d ${fleet.id}`, reaction: 'rocket', text, fleet: fleet.id };
    }
    case 'status': {
      const state = await status(context, request, command.fleet);
      const { fleet, tasks } = state;
      const text = state.discreet
        ? discreetReply(fleet.id)
        : statusReply({
            ...named(fleet),
            workflow: fleet.workflow,
            status: state.status,
            tasks,
            undone: state.undone,
            held: heldBy(fleet),
            waitsForDisk: state.waitsForDisk,
          });
      return { summary: `status of ${fleet.id}`, reaction: 'rocket', text, fleet: fleet.id };
    }
    case 'list':
      return { summary: 'list', reaction: 'rocket', text: listReply(await list(context, request)), fleet: null };
    case 'help':
      await help(context, request);
      return { summary: 'help', reaction: 'rocket', text: helpReply(), fleet: null };
  }
}

async function verdictAnswer(context: FleetContext, verb: 'approve' | 'reject', verdict: Verdict): Promise<Answer> {
  const { fleet, discreet } = verdict.at;
  const text = discreet ? discreetReply(fleet.id) : await verdictText(context, verb, verdict);
  return { summary: `${verb}: ${verdictSummary(verdict)} ${fleet.id}`, reaction: 'rocket', text, fleet: fleet.id };
}

function verdictSummary(verdict: Verdict): string {
  switch (verdict.on) {
    case 'plan':
      return 'the plan of';
    case 'gate':
      return verdict.opened === null ? 'what was left of' : 'what held';
    case 'nodes':
      return `${verdict.decided.length} approvals (${verdict.decision}) of`;
  }
}

async function verdictText(context: FleetContext, verb: 'approve' | 'reject', verdict: Verdict): Promise<string> {
  const { fleet } = verdict.at;
  switch (verdict.on) {
    case 'plan':
      return verb === 'approve' ? approvedReply({ ...named(fleet), plan: fleet.plan }) : rejectedReply(named(fleet));
    case 'nodes':
      return decidedReply({ ...named(fleet), ...verdict });
    case 'gate': {
      if (verdict.opened === null) return cancelledReply({ ...named(fleet), ...(await leftToDo(context, fleet)) });
      return openedReply({
        ...named(fleet),
        paused: isPaused(fleet),
        ...(await goesOn(context, fleet, verdict.opened.wave)),
      });
    }
  }
}

async function goesOn({ store }: FleetContext, { id, plan }: FleetRow, wave: number | null) {
  const tasks = await store.read.tasks.ofFleet(id);
  const left = tasks.filter(({ status }) => !isTerminal(status)).length;
  const questions = openApprovals(await store.read.approvals.ofFleet(id), tasks).length;
  if (wave === null) return { wave: null, left, questions };
  // Those that were refused as the gate opened never start.
  const refused = ({ status, startedAt }: TaskRow): boolean => status === 'failed' && startedAt === null;
  const targets = tasks.filter((task) => task.wave === wave && !refused(task)).length;
  return { wave: { name: waveName(plan, wave), targets }, left, questions };
}

/** A pause holds more than a gate does. */
function heldBy(fleet: FleetRow): Gate | 'paused' | null {
  if (isPaused(fleet)) return 'paused';
  return isHeld(fleet) ? fleet.gate : null;
}

async function turnedText(context: FleetContext, verb: 'pause' | 'resume', fleet: FleetRow): Promise<string> {
  if (verb === 'pause') return pausedReply({ ...named(fleet), ...(await stillAtWork(context, fleet)) });
  return resumedReply({ ...named(fleet), held: isHeld(fleet) ? fleet.gate : null });
}

async function stillAtWork(context: FleetContext, { id }: FleetRow): Promise<{ running: number; publishing: number }> {
  const tasks = await context.store.read.tasks.ofFleet(id);
  const publishing = tasks.filter(({ status, publishingAt }) => !isTerminal(status) && publishingAt !== null).length;
  const running = tasks.filter(({ status, publishingAt }) => status === 'running' && publishingAt === null).length;
  return { running, publishing };
}

function named(fleet: FleetRow): { id: string; issueUrl: string | null } {
  return { id: fleet.id, issueUrl: fleet.trackingIssue?.url ?? null };
}

async function leftToDo(context: FleetContext, { id }: FleetRow): Promise<{ publishing: number; stopping: number }> {
  const tasks = await context.store.read.tasks.ofFleet(id);
  const open = tasks.filter(({ status }) => !isTerminal(status));
  const publishing = open.filter(({ publishingAt }) => publishingAt !== null).length;
  return { publishing, stopping: open.length - publishing };
}

async function statusOf(context: FleetContext, fleet: FleetRow) {
  const tasks = await context.store.read.tasks.ofFleet(fleet.id);
  return rollup(gatesOf(fleet), countTasks(tasks.map((task) => task.status)));
}
