import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { filesOfNode, type NodeFile } from '../core/log-files.ts';
import { nearest } from '../core/nearest.ts';
import { logFolder } from '../platform/logs/log-folders.ts';
import type { NodeRow } from '../store/contract/nodes.ts';
import type { Reads } from '../store/contract/store.ts';
import type { TaskRow } from '../store/contract/tasks.ts';
import { LogsError } from './logs-error.ts';

export interface LogOfNode {
  /** null: what the product ran beside the nodes, such as `only_if`. */
  node: NodeRow | null;
  title: string;
  files: readonly (NodeFile & { path: string })[];
}

/** What is asked of a task's logs. */
export interface LogsWanted {
  node: string | undefined;
  /** undefined: the newest. */
  attempt: number | undefined;
}

/** The nodes of an attempt as they began, with the files that are there now. @throws LogsError */
export async function logsOfTask(
  { folder, read }: { folder: string; read: Reads },
  task: TaskRow,
  wanted: LogsWanted,
): Promise<LogOfNode[]> {
  const attempt = wanted.attempt ?? task.attempt;
  if (attempt > task.attempt || attempt < 1) {
    const there = task.attempt === 0 ? 'It has not begun.' : `It has ${task.attempt}.`;
    throw new LogsError(`${task.id} has no attempt ${attempt}. ${there}`);
  }
  const rows = await read.nodes.ofTask(task.id, attempt);
  const path = logFolder(folder, task.id);
  const names = await readdir(path).catch((): string[] => []);
  if (wanted.node === undefined) {
    return [...besideNodes(path, names, attempt), ...rows.map((row) => logOf(task, path, names, row))];
  }
  const chosen = rows.filter(({ nodeId }) => nodeId === wanted.node || nodeId.startsWith(`${wanted.node}/`));
  if (chosen.length === 0) throw new LogsError(unknownNode(task, wanted.node, rows));
  return chosen.map((row) => logOf(task, path, names, row));
}

function unknownNode({ id }: TaskRow, node: string, rows: readonly NodeRow[]): string {
  if (rows.length === 0) return `No node of ${id} has begun.`;
  const names = rows.map(({ nodeId }) => nodeId);
  const near = nearest(node, names);
  return `No node ${node} of ${id} has begun. ${near === undefined ? `There are: ${names.join(', ')}.` : `Did you mean ${near}?`}`;
}

function logOf(task: TaskRow, path: string, names: readonly string[], node: NodeRow): LogOfNode {
  const files = filesOfNode(names, node).map((file) => ({ ...file, path: join(path, file.name) }));
  return { node, title: node.nodeId, files: files.length > 0 ? files : earlierPlace(task, node) };
}

/** Of a task from before logs outlived workspaces, in which each attempt took the place of the one before. */
function earlierPlace(task: TaskRow, { logFile, attempt }: NodeRow): LogOfNode['files'] {
  if (logFile === null || attempt !== task.attempt || basename(dirname(logFile)) !== 'logs') return [];
  return [{ ...ONLY, name: basename(logFile), path: logFile, isTranscript: logFile.endsWith('.jsonl') }];
}

const ONLY = { tryNumber: 1, iteration: null, part: null } as const;

/** Names of nodes begin with a letter, what else the product runs with a dot. */
function besideNodes(path: string, names: readonly string[], attempt: number): LogOfNode[] {
  const beside = names.filter((name) => name.startsWith(`${attempt}..`)).toSorted();
  return beside.map((name) => ({
    node: null,
    title: name.replace(/^\d+\.\./, '').replace(/\.log$/, ''),
    files: [{ ...ONLY, name, path: join(path, name), isTranscript: false }],
  }));
}
