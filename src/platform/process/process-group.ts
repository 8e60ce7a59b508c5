import { type ChildProcess, spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { BoxedCommand, OpenBox } from '../../ports/sandbox.ts';
import { hearBoxStatus } from './box-status.ts';
import { whenGroupIsEmpty } from './empty-group.ts';
import { recordGroup } from './recorded-groups.ts';
import { signalGroup } from './signal-group.ts';

/** Between the polite signal and the one that cannot be ignored. */
const GRACE_MS = 2000;
/** How long an open pipe may hold up the end after the last signal. */
const PATIENCE_MS = 500;

export interface GroupCommand extends BoxedCommand {
  /** How it comes into its box. */
  enclose: OpenBox['enclose'];
  stdin: 'ignore' | 'pipe';
  /** The group is noted here for a process that comes after this one. */
  pidsFile: string;
  /** The group could not be noted. */
  onUnrecorded(error: unknown): void;
}

interface GroupEnd {
  exitCode: number | null;
  signal: string | null;
  /** Set when the command could not be started at all. */
  startError: string | null;
}

export interface ProcessGroup {
  /** null: it could not be started; `ended` says why. */
  child: ChildProcess | null;
  /** The leader is gone, every survivor of its group was killed, and its pipes are closed. */
  ended: Promise<GroupEnd>;
  /** SIGTERM to the group, SIGKILL two seconds later; repeated calls change nothing. */
  terminate(): void;
  /** SIGKILL to the group at once. */
  kill(): void;
}

/**
 * Starts a command as the leader of its own process group, so that its whole offspring can be killed. A descendant that
 * leaves the group by setsid is beyond these signals; it ends with its box, whose first process stays in the group and is
 * gone only when all others in the box are (pid_namespaces(7)), and lives on where there is no box.
 */
export function startGroup(command: GroupCommand): ProcessGroup {
  const child = trySpawn(command);
  if (child instanceof Error) return neverStarted(child, command);
  try {
    if (child.pid !== undefined) recordGroup(command.pidsFile, child.pid);
  } catch (error) {
    command.onUnrecorded(error);
  }
  const box = hearBoxStatus(child);
  let terminating = false;
  let over = false;

  const ended = new Promise<GroupEnd>((resolve) => {
    child.once('error', (error) => {
      if (child.pid !== undefined) return;
      over = true;
      resolve({ exitCode: null, signal: null, startError: describeStartError(error, command) });
    });
    child.once('exit', (exitCode, signal) => {
      signalGroup(child.pid, 'SIGKILL');
      over = true;
      const empty = whenGroupIsEmpty(child.pid ?? 0, () => signalGroup(child.pid, 0), box?.firstProcess());
      void Promise.all([closeOfPipes(child), empty]).then(() => {
        const boxless = exitCode !== null && box?.couldNotBeMade() === true;
        resolve({ exitCode, signal, startError: boxless ? NO_BOX : null });
      });
    });
  });

  return {
    child,
    ended,
    kill: () => {
      if (!over) signalGroup(child.pid, 'SIGKILL');
    },
    terminate: () => {
      if (terminating || over) return;
      terminating = true;
      signalGroup(child.pid, 'SIGTERM');
      const timer = setTimeout(() => {
        // After the end the number may already belong to somebody else.
        if (!over) signalGroup(child.pid, 'SIGKILL');
      }, GRACE_MS);
      void ended.then(() => clearTimeout(timer));
    },
  };
}

/** Some errors (arguments too large, a NUL in them) are thrown by spawn, the others come as an event. */
function trySpawn(command: GroupCommand): ChildProcess | Error {
  try {
    const { command: program, args, cwd, env, control } = command.enclose(command);
    const child = spawn(program, args, {
      cwd,
      env: { ...env },
      // Who is in a box could change the mode of a file of the host, /dev/null too, by a descriptor of it: pipes alone.
      stdio: control === null ? [command.stdin, 'pipe', 'pipe'] : ['pipe', 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    if (control !== null) writeControl(child, control);
    if (command.stdin === 'ignore') endInput(child);
    return child;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const NO_BOX = 'The box of the command could not be made.';

function endInput({ stdin }: ChildProcess): void {
  stdin?.on('error', () => undefined);
  stdin?.end();
}

function writeControl(child: ChildProcess, control: string): void {
  const pipe = child.stdio[3];
  if (!(pipe instanceof Writable)) return;
  // One that ends before it has read everything is told by its status.
  pipe.on('error', () => undefined);
  pipe.end(control);
}

function neverStarted(error: Error, command: GroupCommand): ProcessGroup {
  const end: GroupEnd = { exitCode: null, signal: null, startError: describeStartError(error, command) };
  return { child: null, ended: Promise.resolve(end), kill: () => undefined, terminate: () => undefined };
}

/** A descendant outside the group can hold the pipes open for ever; nothing that it writes later counts. */
async function closeOfPipes(child: ChildProcess): Promise<void> {
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const cut = new AbortController();
  const patience = wait(PATIENCE_MS, undefined, { signal: cut.signal }).catch(() => undefined);
  await Promise.race([closed, patience]);
  cut.abort();
  for (const stream of child.stdio) stream?.destroy();
}

function describeStartError(error: Error, command: GroupCommand): string {
  const code = 'code' in error ? String(error.code) : '';
  // spawn names the command even when it is the folder that does not exist.
  if (code === 'ENOENT' && statSync(command.cwd, { throwIfNoEntry: false }) === undefined) {
    return `The folder ${command.cwd} does not exist.`;
  }
  if (code === 'ENOENT') return `"${command.command}" was not found on the PATH "${command.env.PATH ?? ''}".`;
  if (code === 'EACCES') return `"${command.command}" is not executable.`;
  if (code === 'E2BIG') return `The arguments and environment of "${command.command}" are too large.`;
  return `"${command.command}" could not be started: ${error.message}`;
}
