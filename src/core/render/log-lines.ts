/** What `fleet logs` says around the logs of a task, for a terminal. */
import type { NodeFile } from '../log-files.ts';
import { dollars, duration, thousands, utc } from './amounts.ts';
import type { ToldNode } from './node-table.ts';
import { redact } from './redact.ts';
import { plainLine } from './safe-text.ts';
import { cleanLines } from './terminal-text.ts';
import type { TaskView } from './views.ts';

interface ToldTask extends TaskView {
  fleetId: string;
  attempt: number;
  attempts: number;
  /** For want of room; null: it is there, or went as the settings say. */
  removedAt: number | null;
}

export function headLines(task: ToldTask): string[] {
  const how = [task.status, task.category ?? task.outcome].filter((part) => part !== null).join(', ');
  const lines = [`${task.id}  ${plainLine(task.repository, 200)}  ${how}`];
  if (task.reason !== null) lines.push(plainLine(task.reason, 2_000));
  const earlier = task.attempts > 1 ? ` of ${task.attempts}; --attempt shows another one` : '';
  lines.push(`fleet ${task.fleetId}, attempt ${task.attempt}${earlier}`);
  if (task.pullRequest !== null) lines.push(`pull request ${plainLine(task.pullRequest.url, 500)}`);
  lines.push(workspaceLine(task));
  return lines;
}

function workspaceLine({ workspace, removedAt, startedAt }: ToldTask): string {
  if (workspace !== null) return `workspace ${plainLine(workspace, 500)}`;
  if (startedAt === null) return 'no workspace: it has not begun';
  if (removedAt !== null) return `workspace removed on ${utc(removedAt)}: the disk had no more room for it`;
  return 'workspace removed, as `keep_workspaces` and `disk.retention` of the settings say';
}

/** @param node a text: of what the product ran beside the nodes */
export function nodeTitle(node: (ToldNode & { kind: string }) | string): string {
  if (typeof node === 'string') return `── ${plainLine(node, 200)} ──`;
  const { nodeId, kind, status, exitCode, startedAt, endedAt } = node;
  const parts = [
    nodeId,
    kind,
    exitCode === null ? status : `${status} with status ${exitCode}`,
    startedAt === null || endedAt === null ? '' : duration(endedAt - startedAt),
    ...agentParts(node),
  ];
  return `── ${parts
    .filter((part) => part !== '')
    .map((part) => plainLine(part, 200))
    .join(' · ')} ──`;
}

function agentParts({ agent, model, tokens, costUsd, costComputed }: ToldNode): string[] {
  const spent = tokens === null ? '' : `${thousands(tokens.input)} tokens in, ${thousands(tokens.output)} out`;
  const cost = costUsd === null ? '' : `${costComputed ? '≈ ' : ''}${dollars(costUsd)}`;
  return [agent ?? '', model ?? '', spent, cost];
}

/** Empty for the only file that most nodes have. */
export function fileTitle({ tryNumber, iteration, part }: NodeFile): string {
  const parts = [
    tryNumber === 1 ? '' : `try ${tryNumber}`,
    iteration === null ? '' : `iteration ${iteration}`,
    part === 'again' ? 'asked again for the right form' : '',
    part === 'until' ? 'whether the loop ends' : '',
  ].filter((text) => text !== '');
  return parts.length === 0 ? '' : `─ ${parts.join(', ')}`;
}

/** For a node without a file: it left none, or it is gone. */
export function missingLog({ status, tail, logFile }: ToldNode & { logFile: string | null }): string {
  if (logFile === null) return status === 'skipped' || tail.trim() === '' ? '(no log)' : told(tail);
  return `(Its log is gone: logs go 30 days after their task has ended, the oldest ones earlier when all take more than 5 GiB. The database has the end of what it said.)\n${told(tail)}`;
}

const told = (tail: string): string => redact(cleanLines(tail)).trimEnd();
