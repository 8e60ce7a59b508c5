import { type ChildProcess, fork } from 'node:child_process';
import { getCompileCacheDir } from 'node:module';
import { dirname } from 'node:path';
import { TaskFailure } from '../../../core/failures.ts';
import type { Log } from '../../../ports/log.ts';
import type { Workspaces } from '../../../ports/workspace.ts';
import type { GitHubForGit } from '../remote.ts';
import {
  type FromGit,
  FUNCTION,
  type GitProcessOptions,
  type Method,
  type Outcome,
  outcomeOf,
  type Question,
  receivedError,
  SIGNAL,
  type ToGit,
} from './wire.ts';

const PROGRAM = new URL('./git-process.ts', import.meta.url);
/** Each start of a program copies what tells of a process's memory: this one is small, and stays so. */
const SMALL = ['--max-semi-space-size=2', '--heap-growing-percent=20'];

interface Call {
  settle(outcome: Outcome): void;
  /** The function that it was given, if any. */
  ask: ((argument: unknown) => unknown) | undefined;
}

/**
 * Workspaces by a process of their own, in which every git is started. A start of a program holds a process up for as long as
 * it has memory, and the server has much, and deliveries to answer. It is started by the first call, and again by the next
 * one where it was killed; it ends with this process, and the gits that run with it.
 */
export function startGitProcess(
  options: GitProcessOptions,
  { github, log }: { github: GitHubForGit; log: Log },
): Workspaces {
  const calls = new Map<number, Call>();
  let child: ChildProcess | undefined;
  let lastId = 0;

  function running(): ChildProcess {
    child ??= start();
    return child;
  }

  function start(): ChildProcess {
    // The folder that Node made there is its own version's.
    const cache = getCompileCacheDir();
    const started = fork(PROGRAM, {
      // Nothing of this environment: it holds the server's keys.
      env: { NODE_COMPILE_CACHE: cache && dirname(cache), MALLOC_ARENA_MAX: '1' },
      execArgv: SMALL,
      serialization: 'advanced',
      // A Ctrl-C in a terminal is for the server, which lets its tasks come to an end.
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    started.on('message', (message: FromGit) => receive(started, message));
    started.once('exit', (code, signal) => lose(started, signal ?? `status ${code}`));
    started.on('error', (error) => lose(started, error.message));
    send(started, { kind: 'start', options });
    return started;
  }

  function receive(from: ChildProcess, message: FromGit): void {
    switch (message.kind) {
      case 'done':
        calls.get(message.id)?.settle(message.outcome);
        return;
      case 'ask':
        void outcomeOf(() => answer(message.question)).then((outcome) =>
          send(from, { kind: 'answer', id: message.id, outcome }),
        );
        return;
      case 'log':
        log[message.level](message.fields, message.message);
    }
  }

  async function answer(question: Question): Promise<unknown> {
    switch (question.about) {
      case 'token': {
        const { installationId, repositoryId, access, fresh } = question;
        return github.gitToken(installationId, repositoryId, access, { fresh });
      }
      case 'repository': {
        const found = await github.reads?.(question.installationId).repository(question.fullName);
        return found && { id: found.id, fullName: found.fullName };
      }
      case 'function':
        return calls.get(question.call)?.ask?.(question.argument);
    }
  }

  /** What it was doing has to be begun again; nobody knows how far it came. */
  function lose(lost: ChildProcess, how: string): void {
    if (child !== lost) return;
    child = undefined;
    const failure = new TaskFailure('internal', `The process that runs git ended (${how}).`);
    const outcome: Outcome = {
      ok: false,
      error: { name: failure.name, message: failure.message, category: 'internal' },
    };
    for (const call of [...calls.values()]) call.settle(outcome);
  }

  async function call(method: Method, args: readonly unknown[]): Promise<unknown> {
    const process = running();
    lastId += 1;
    const id = lastId;
    const done = Promise.withResolvers<Outcome>();
    const given = takeFunctions(args);
    calls.set(id, { settle: done.resolve, ask: given.ask });
    const onAbort = (): void => send(process, { kind: 'abort', id });
    hold(process, true);
    send(process, { kind: 'call', id, method, args: given.args, aborted: given.signal?.aborted === true });
    given.signal?.addEventListener('abort', onAbort, { once: true });
    const outcome = await done.promise;
    calls.delete(id);
    given.signal?.removeEventListener('abort', onAbort);
    if (calls.size === 0) hold(process, false);
    if (!outcome.ok) throw receivedError(outcome.error);
    return outcome.value;
  }

  // The other side has the same methods, and sends back what they give.
  return new Proxy({} as Workspaces, {
    get:
      (_target, method: Method) =>
      (...args: readonly unknown[]) =>
        call(method, args),
  });
}

/** While nothing is under way, it keeps no process alive. */
function hold(child: ChildProcess, needed: boolean): void {
  if (needed) {
    child.ref();
    child.channel?.ref();
  } else {
    child.unref();
    child.channel?.unref();
  }
}

/** One that has just ended is told of by its end. */
function send(child: ChildProcess, message: ToGit): void {
  if (child.connected) child.send(message, () => undefined);
}

/** Arguments that can be sent: options without their signal, and a mark in the place of a function. */
function takeFunctions(args: readonly unknown[]): {
  args: unknown[];
  signal: AbortSignal | undefined;
  ask: ((argument: unknown) => unknown) | undefined;
} {
  let signal: AbortSignal | undefined;
  let ask: ((argument: unknown) => unknown) | undefined;
  const sent = args.map((argument) => {
    if (typeof argument === 'function') {
      ask = (asked) => Reflect.apply(argument, undefined, [asked]);
      return FUNCTION;
    }
    if (typeof argument === 'object' && argument !== null && 'signal' in argument) {
      if (argument.signal instanceof AbortSignal) signal = argument.signal;
      return { ...argument, signal: SIGNAL };
    }
    return argument;
  });
  return { args: sent, signal, ask };
}
