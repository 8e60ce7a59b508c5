import { filesOfNode, type NodeFile } from '../core/log-files.ts';
import { nearest } from '../core/nearest.ts';
import { redact } from '../core/render/redact.ts';
import { cleanLines } from '../core/render/terminal-text.ts';
import { transcriptText } from '../core/render/transcript-text.ts';
import type { NodeLogs, TaskLogs } from '../ports/node-logs.ts';
import type { NodeSummary } from '../store/contract/nodes.ts';
import type { Reads } from '../store/contract/store.ts';
import type { TaskRow } from '../store/contract/tasks.ts';
import { LogsError } from './logs-error.ts';

export type LogFile = NodeFile & { path: string };

export interface LogOfNode {
  /** null: what the product ran beside the nodes, such as `only_if`. */
  node: NodeSummary | null;
  title: string;
  files: readonly LogFile[];
}

/** What is asked of a task's logs. */
export interface LogsWanted {
  node: string | undefined;
  /** undefined: the newest. */
  attempt: number | undefined;
}

type Found = Awaited<ReturnType<TaskLogs['ofTask']>>;

/** The nodes of an attempt as they began, with the files that are there now. @throws LogsError */
export async function logsOfTask(
  { logs, read }: { logs: Pick<TaskLogs, 'ofTask'>; read: Pick<Reads, 'nodes'> },
  task: TaskRow,
  wanted: LogsWanted,
): Promise<LogOfNode[]> {
  const attempt = wanted.attempt ?? task.attempt;
  if (attempt > task.attempt || attempt < 1) {
    const there = task.attempt === 0 ? 'It has not begun.' : `It has ${task.attempt}.`;
    throw new LogsError(`${task.id} has no attempt ${attempt}. ${there}`);
  }
  const rows = await read.nodes.summariesOfTask(task.id, attempt);
  const found = await logs.ofTask(task.id);
  if (wanted.node === undefined) {
    return [...besideNodes(found, attempt), ...rows.map((row) => logOf(task, found, row))];
  }
  const chosen = rows.filter(({ nodeId }) => nodeId === wanted.node || nodeId.startsWith(`${wanted.node}/`));
  if (chosen.length === 0) throw new LogsError(unknownNode(task, wanted.node, rows));
  return chosen.map((row) => logOf(task, found, row));
}

/** What people may read of a file, its last `maxBytes`: without credentials and what terminals obey; undefined: it is gone. */
export async function shownLog(
  logs: NodeLogs,
  { path, isTranscript }: LogFile,
  maxBytes: number,
): Promise<{ text: string; whole: boolean } | undefined> {
  const log = await logs.tail(path, maxBytes);
  if (log === undefined) return undefined;
  const text = isTranscript ? transcriptText(log.text, log) : redact(cleanLines(wholeLines(log)));
  return { text, whole: log.whole };
}

/** A line whose beginning is missing could hold the end of a credential, by which nobody knows it. */
function wholeLines({ text, whole }: { text: string; whole: boolean }): string {
  if (whole) return text;
  const end = text.search(/[\r\n]/);
  return end === -1 ? '' : text.slice(end + 1);
}

function unknownNode({ id }: TaskRow, node: string, rows: readonly NodeSummary[]): string {
  if (rows.length === 0) return `No node of ${id} has begun.`;
  const names = rows.map(({ nodeId }) => nodeId);
  const near = nearest(node, names);
  return `No node ${node} of ${id} has begun. ${near === undefined ? `There are: ${names.join(', ')}.` : `Did you mean ${near}?`}`;
}

function logOf(task: TaskRow, found: Found, node: NodeSummary): LogOfNode {
  const paths = new Map(found.map(({ name, path }) => [name, path]));
  const files = filesOfNode([...paths.keys()], node).flatMap((file) => {
    const path = paths.get(file.name);
    return path === undefined ? [] : [{ ...file, path }];
  });
  return { node, title: node.nodeId, files: files.length > 0 ? files : earlierPlace(task, node) };
}

/** Of a task from before logs outlived workspaces, in which each attempt took the place of the one before. */
function earlierPlace(task: TaskRow, { logFile, attempt }: NodeSummary): LogOfNode['files'] {
  const name = logFile === null ? undefined : /\/logs\/([^/]+)$/.exec(logFile)?.[1];
  if (logFile === null || name === undefined || attempt !== task.attempt) return [];
  return [{ ...ONLY, name, path: logFile, isTranscript: name.endsWith('.jsonl') }];
}

const ONLY = { tryNumber: 1, iteration: null, part: null } as const;

/** Names of nodes begin with a letter, what else the product runs with a dot. */
function besideNodes(found: Found, attempt: number): LogOfNode[] {
  const beside = found
    .filter(({ name }) => name.startsWith(`${attempt}..`))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return beside.map(({ name, path }) => ({
    node: null,
    title: name.replace(/^\d+\.\./, '').replace(/\.log$/, ''),
    files: [{ ...ONLY, name, path, isTranscript: false }],
  }));
}
