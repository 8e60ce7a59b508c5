import { Refusal } from '../core/refusals.ts';
import {
  alreadyRunningReply,
  approvedReply,
  cancelledReply,
  helpReply,
  listReply,
  statusReply,
} from '../core/render/replies.ts';
import type { FleetRequest } from '../core/request.ts';
import { countTasks, gatesOf, rollup } from '../core/rollup.ts';
import { approve } from '../fleet/approve.ts';
import { cancel } from '../fleet/cancel.ts';
import type { FleetContext } from '../fleet/context.ts';
import { help } from '../fleet/help.ts';
import { list } from '../fleet/list.ts';
import { status } from '../fleet/status.ts';
import { submit } from '../fleet/submit.ts';
import type { FleetRow } from '../store/contract/fleets.ts';

/** What the sender sees. Text null: nothing now; of a started fleet the reporter says more, with its issue's link. */
export interface Answer {
  /** For operators. */
  summary: string;
  reaction: 'rocket' | 'confused' | null;
  text: string | null;
}

/** Which verb the command names, and its result as text. Throws what the verb throws. */
export async function answerCommand(context: FleetContext, request: FleetRequest, deliveryId: string): Promise<Answer> {
  if (!request.command.ok) {
    await help(context, request);
    throw new Refusal('invalid_command', request.command.message, request.command.hint);
  }
  const { command } = request.command;
  switch (command.verb) {
    case 'submit': {
      const { kind, fleet } = await submit(context, request, command, deliveryId);
      if (kind === 'started') return { summary: fleet.id, reaction: null, text: null };
      const text = alreadyRunningReply({ ...named(fleet), status: await statusOf(context, fleet) });
      return { summary: `already running: ${fleet.id}`, reaction: 'confused', text };
    }
    case 'approve': {
      const fleet = await approve(context, request, command.fleet);
      return {
        summary: `approved ${fleet.id}`,
        reaction: 'rocket',
        text: approvedReply({ ...named(fleet), plan: fleet.plan }),
      };
    }
    case 'cancel': {
      const fleet = await cancel(context, request, command.fleet);
      const tasks = await context.store.read.tasks.ofFleet(fleet.id);
      const stillRunning = tasks.filter((task) => task.status === 'running').length;
      return {
        summary: `cancelled ${fleet.id}`,
        reaction: 'rocket',
        text: cancelledReply({ ...named(fleet), stillRunning }),
      };
    }
    case 'status': {
      const state = await status(context, request, command.fleet);
      const text = statusReply({
        ...named(state.fleet),
        workflow: state.fleet.workflow,
        status: state.status,
        tasks: state.tasks,
      });
      return { summary: `status of ${state.fleet.id}`, reaction: 'rocket', text };
    }
    case 'list':
      return { summary: 'list', reaction: 'rocket', text: listReply(await list(context, request)) };
    case 'help':
      await help(context, request);
      return { summary: 'help', reaction: 'rocket', text: helpReply() };
  }
}

function named(fleet: FleetRow): { id: string; issueUrl: string | null } {
  return { id: fleet.id, issueUrl: fleet.trackingIssue?.url ?? null };
}

async function statusOf(context: FleetContext, fleet: FleetRow) {
  const tasks = await context.store.read.tasks.ofFleet(fleet.id);
  return rollup(gatesOf(fleet), countTasks(tasks.map((task) => task.status)));
}
