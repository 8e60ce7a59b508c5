import { z } from 'zod';
import { isTaskId } from '../../core/ids.ts';
import { nearest } from '../../core/nearest.ts';
import { fileTitle, nodeTitle } from '../../core/render/log-lines.ts';
import { cleanLines } from '../../core/render/terminal-text.ts';
import { logsSchema } from '../../edge/api/schemas/task.ts';
import { type Fleet, type FleetTask, fleetAnswer } from './answers.ts';
import { ClientError, usageError } from './client-error.ts';
import { say, sayJson } from './say.ts';
import { openServer, type ServerFlags } from './session.ts';

export interface ServerLogsFlags extends ServerFlags {
  node?: string;
  attempt?: number;
  json: boolean;
  raw: boolean;
}

/** What a newer server calls a part otherwise is shown as a file of its own. */
const file = logsSchema.shape.nodes.element.shape.files.element.extend({ part: z.string().nullable() });
const logsAnswer = logsSchema.extend({
  nodes: z.array(logsSchema.shape.nodes.element.extend({ files: z.array(file) })),
});

/** Prints the logs of one task of a server, by the fleet's id and the repository or the task's id. Exit status: 0. */
export async function runServerLogs(words: readonly string[], flags: ServerLogsFlags): Promise<number> {
  const [id, which] = words;
  if (id === undefined) throw usageError('No fleet is given.', '`fleet list` shows what there is.');
  if (isTaskId(id)) {
    throw usageError(
      'A server finds a task by its fleet.',
      `Write \`fleet logs <fleet> ${id}\`, or give --data for a folder.`,
    );
  }
  if (flags.raw) throw usageError('--raw prints files of a data folder.', 'Give --data, or --json.');
  const server = openServer(flags);
  const path = `/fleets/${encodeURIComponent(id)}`;
  const { body: fleet } = await server.ask({ method: 'GET', path }, fleetAnswer);
  const task = taskOf(fleet, which);
  const { node, attempt } = flags;
  const query = { node, attempt: attempt === undefined ? undefined : String(attempt) };
  const { body, raw } = await server.ask(
    { method: 'GET', path: `${path}/tasks/${encodeURIComponent(task.id)}/logs`, query },
    logsAnswer,
  );
  if (flags.json) {
    sayJson(raw);
    return 0;
  }
  say(cleanLines(headOf(fleet, task, body.attempt)));
  for (const one of body.nodes) {
    const texts = one.files.map(fileText);
    // What the product asked beside the nodes mostly says nothing.
    if (one.id === null && texts.every((text) => text === EMPTY)) continue;
    say(`\n${nodeTitle(one.title)}\n${texts.length === 0 ? '(no log)' : texts.join('\n')}`);
  }
  return 0;
}

const EMPTY = '(nothing)';

function fileText({ name, try: tryNumber, iteration, part, text, whole }: z.infer<typeof file>): string {
  const known = part === 'again' || part === 'until' ? part : null;
  const lines = [
    fileTitle({ name, tryNumber, iteration, part: known, isTranscript: false }),
    whole ? '' : '(Something is left out before this; --node shows more of one node.)',
    cleanLines(text).trimEnd() || EMPTY,
  ];
  return lines.filter((line) => line !== '').join('\n');
}

function headOf({ id }: Fleet, task: FleetTask, attempt: number): string {
  const how = [task.status, task.failure?.category ?? task.outcome].filter((part) => part !== null).join(', ');
  const lines = [`${task.id}  ${task.repository}  ${how}`, task.reason ?? '', `fleet ${id}, attempt ${attempt}`];
  if (task.pull_request !== null) lines.push(`pull request ${task.pull_request.url}`);
  return lines.filter((line) => line !== '').join('\n');
}

/** By its id, `owner/name` or `name`; the only one needs no word. @throws ClientError with those that there are */
function taskOf({ id, tasks }: Fleet, which: string | undefined): FleetTask {
  const [only] = tasks;
  if (which === undefined && only !== undefined && tasks.length === 1) return only;
  const wanted = which?.toLowerCase();
  const found = tasks.filter((task) => namesOf(task).some((name) => name.toLowerCase() === wanted));
  const [task] = found;
  if (task !== undefined && found.length === 1) return task;
  const lines = tasks.map((one) => `  ${one.id}  ${one.status.padEnd(9)}  ${one.repository}`);
  if (which === undefined)
    throw new ClientError(`The fleet ${id} has these tasks:\n${lines.join('\n')}`, 'Name one of them.');
  const near = nearest(which, tasks.flatMap(namesOf));
  const remedy = near === undefined ? `\`fleet logs ${id}\` lists its tasks.` : `Did you mean ${near}?`;
  throw new ClientError(`The fleet ${id} has no task ${which}.`, remedy);
}

const namesOf = ({ id, repository }: FleetTask): string[] => [id, repository, repository.split('/')[1] ?? repository];
