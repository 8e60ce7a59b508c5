import { dataDirectory, loadEnvFile } from '../config.ts';
import { fileTitle, headLines, missingLog, nodeTitle } from '../core/render/log-lines.ts';
import { redact } from '../core/render/redact.ts';
import { cleanLines } from '../core/render/terminal-text.ts';
import { LogsError } from '../fleet/logs-error.ts';
import { type LogOfNode, logsOfTask, shownLog } from '../fleet/task-logs.ts';
import { readLog } from '../platform/logs/read-log.ts';
import { createTaskLogs } from '../platform/logs/task-logs.ts';
import type { TaskRow } from '../store/contract/tasks.ts';
import { findTask } from './find-task.ts';
import { type OpenData, openData } from './open-data.ts';

export interface LogsFlags {
  node?: string;
  attempt?: number;
  /** Default: the server's. */
  data?: string;
  json: boolean;
  raw: boolean;
}

/**
 * Prints the logs of one task, from the data directory, whether its server runs or not. Exit status: 0; 1 when there is no
 * such task, node or attempt, which is told on standard error.
 */
export async function runLogs(words: readonly string[], flags: LogsFlags): Promise<number> {
  loadEnvFile('.env');
  try {
    const data = await openData(flags.data ?? dataDirectory());
    try {
      await print(data, words, flags);
    } finally {
      await data.close();
    }
    return 0;
  } catch (error) {
    if (!(error instanceof LogsError)) throw error;
    process.stderr.write(`${cleanLines(error.message)}\n`);
    return 1;
  }
}

async function print(data: OpenData, words: readonly string[], flags: LogsFlags): Promise<void> {
  const task = await findTask(data.read, words);
  const attempt = flags.attempt ?? task.attempt;
  const files = createTaskLogs(data.folder);
  const logs = await logsOfTask({ logs: files, read: data.read }, task, { node: flags.node, attempt });
  if (flags.raw) return printRaw(logs);
  if (flags.json) return printJson(task, attempt, logs);
  const removedAt = await workspaceRemovedAt(data, task);
  say(headLines({ ...task, attempts: task.attempt, attempt, removedAt }).join('\n'));
  for (const log of logs) await sayLog(log);
}

async function sayLog({ node, title, files }: LogOfNode): Promise<void> {
  const texts: string[] = [];
  for (const file of files) {
    const text = await shownText(file);
    if (text !== null) texts.push([fileTitle(file), text.trimEnd() || EMPTY].filter((part) => part !== '').join('\n'));
  }
  // What the product asked beside the nodes mostly says nothing.
  if (node === null && texts.every((text) => text === EMPTY)) return;
  say(`\n${nodeTitle(node ?? title)}`);
  if (node?.status === 'failed' && node.reason !== '') say(shown(`It ${node.reason}`));
  say(node !== null && texts.length === 0 ? missingLog(node) : texts.join('\n'));
}

const EMPTY = '(nothing)';

/** null: the file is gone. */
async function shownText(file: LogOfNode['files'][number]): Promise<string | null> {
  return (await shownLog({ tail: readLog }, file, Number.MAX_SAFE_INTEGER))?.text ?? null;
}

async function printRaw(logs: readonly LogOfNode[]): Promise<void> {
  for (const { path } of logs.flatMap(({ files }) => files)) {
    const log = await readLog(path, Number.MAX_SAFE_INTEGER);
    // A program that reads it wants every byte, a terminal would obey some of them.
    if (log !== undefined) process.stdout.write(process.stdout.isTTY ? cleanLines(log.text) : log.text);
  }
}

async function printJson(task: TaskRow, attempt: number, logs: readonly LogOfNode[]): Promise<void> {
  const { id, fleetId, repository, status, outcome, category, reason, workspace, pullRequest, costUsd } = task;
  const nodes = [];
  for (const { node, title, files } of logs) {
    const texts = [];
    for (const file of files) {
      const text = await shownText(file);
      const { name, tryNumber, iteration, part } = file;
      if (text !== null) texts.push({ name, try: tryNumber, iteration, part, text });
    }
    nodes.push({ id: title, ...(node === null ? {} : factsOf(node)), files: texts });
  }
  const told = { id, fleet: fleetId, repository, status, outcome, category, attempt, attempts: task.attempt };
  const rest = { reason: shownOrNull(reason), workspace, pullRequest, costUsd };
  process.stdout.write(`${JSON.stringify({ task: { ...told, ...rest }, nodes }, null, 2)}\n`);
}

function factsOf(node: NonNullable<LogOfNode['node']>): object {
  const { kind, status, exitCode, agent, model, tokens, costUsd, costComputed, startedAt, endedAt } = node;
  const ended = { exitCode, startedAt, endedAt, reason: shown(node.reason), tail: shown(node.tail) };
  return { kind, status, ...ended, agent, model, tokens, costUsd, costComputed };
}

const shown = (text: string): string => redact(cleanLines(text));
const shownOrNull = (text: string | null): string | null => (text === null ? null : shown(text));

const REMOVALS = 10_000;

/** Only what went early has an event: for want of room. */
async function workspaceRemovedAt({ read }: OpenData, { id, fleetId, workspace }: TaskRow): Promise<number | null> {
  if (workspace !== null) return null;
  const removals = await read.events.lastOfFleet(fleetId, ['workspace_removed'], REMOVALS);
  return removals.findLast(({ event }) => event.type === 'workspace_removed' && event.taskId === id)?.at ?? null;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
