import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { cleanLines } from '../../core/render/terminal-text.ts';
import { cancelledSchema, decidedSchema, meantTasksSchema } from '../../edge/api/schemas/verbs.ts';
import { fleetAnswer } from './answers.ts';
import { headLine } from './fleet-lines.ts';
import { inkOf, say, sayJson } from './say.ts';
import { openServer, type ServerFlags } from './session.ts';

export interface VerbFlags extends ServerFlags {
  json: boolean;
}

export interface VerdictFlags extends VerbFlags {
  node?: string;
  decision?: string;
  text?: string;
}

type Verb = 'cancel' | 'pause' | 'resume' | 'retry' | 'publish' | 'undo' | 'approve' | 'reject';

const fleet = { fleet: fleetAnswer };
const cancelled = cancelledSchema.extend(fleet);
const meant = meantTasksSchema.extend(fleet);
const decided = decidedSchema.extend({ ...fleet, on: z.string() });

export const runCancel = (id: string, flags: VerbFlags): Promise<number> =>
  carryOut('cancel', id, undefined, cancelled, flags, ({ stopping, publishing }) => {
    const parts = [
      stopping === 0 ? '' : `${tasksText(stopping)} being stopped`,
      publishing === 0 ? '' : `${tasksText(publishing)} being pushed, which goes on`,
    ].filter((part) => part !== '');
    return `It is cancelled${parts.length === 0 ? '' : `: ${parts.join('; ')}`}.`;
  });

export const runTurn = (verb: 'pause' | 'resume', id: string, flags: VerbFlags): Promise<number> =>
  carryOut(verb, id, undefined, z.object(fleet), flags, () => (verb === 'pause' ? 'It is paused.' : 'It goes on.'));

/** @param repositories a glob; absent: all that it can mean */
export const runMeant = (
  verb: 'retry' | 'publish' | 'undo',
  id: string,
  repositories: string | undefined,
  flags: VerbFlags,
): Promise<number> =>
  carryOut(verb, id, given({ repositories }), meant, flags, (answer) => {
    const lines = answer.repositories.map((repository) => `  ${repository}`);
    return [MEANT[verb], ...lines].join('\n');
  });

const MEANT = {
  retry: 'Tried again:',
  publish: 'Published:',
  undo: 'Being undone; pull requests are closed and branches deleted where nobody else changed them:',
} as const;

export const runVerdict = (
  verb: 'approve' | 'reject',
  id: string,
  repositories: string | undefined,
  flags: VerdictFlags,
): Promise<number> => {
  const { node, decision, text } = flags;
  return carryOut(verb, id, given({ repositories, node, decision, text }), decided, flags, (answer) => {
    const done = verb === 'approve' ? 'approved' : 'rejected';
    switch (answer.on) {
      case 'plan':
        return `The plan is ${done}.`;
      case 'gate':
        return `What held it is ${done}.`;
      default: {
        const lines = answer.decided.map((one) => `  ${one.repository}  ${one.node}`);
        return [`Decided: ${answer.decision ?? done}`, ...lines].join('\n');
      }
    }
  });
};

/** Prints where the fleet stands after it and what was done. Exit status: 0. */
async function carryOut<Schema extends z.ZodType<{ fleet: z.infer<typeof fleetAnswer> }>>(
  verb: Verb,
  id: string,
  body: object | undefined,
  schema: Schema,
  flags: VerbFlags,
  told: (answer: z.infer<Schema>) => string,
): Promise<number> {
  const server = openServer(flags);
  const path = `/fleets/${encodeURIComponent(id)}/${verb}`;
  const asked = { method: 'POST', path, idempotencyKey: randomUUID(), ...(body && { body }) } as const;
  const answer = await server.ask(asked, schema);
  if (flags.json) sayJson(answer.raw);
  else say(`${cleanLines(told(answer.body))}\n${headLine(answer.body.fleet, inkOf(process.stdout))}`);
  return 0;
}

/** undefined: nothing was given, and nothing is sent. */
function given(fields: Readonly<Record<string, string | undefined>>): object | undefined {
  const set = Object.entries(fields).filter(([, value]) => value !== undefined);
  return set.length === 0 ? undefined : Object.fromEntries(set);
}

const tasksText = (count: number): string => (count === 1 ? '1 task is' : `${count} tasks are`);
