/** The process in which our git is started, for the one that started this; see `start-git-process.ts`. */
import type { Workspaces } from '../../../ports/workspace.ts';
import { createSandbox } from '../../sandbox/create-sandbox.ts';
import { createWorkspaces } from '../create-workspaces.ts';
import type { GitHubForGit } from '../remote.ts';
import {
  type AskedRepository,
  type FromGit,
  FUNCTION,
  type GitProcessOptions,
  type LogLevel,
  type Outcome,
  outcomeOf,
  type Question,
  receivedError,
  SIGNAL,
  type ToGit,
} from './wire.ts';

process.umask(0o077);
// Whoever stops the server stops all its processes: this one goes on for what the server still does, and ends with it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.once('disconnect', () => process.exit(0));

/** Where nobody listens any more, this process is about to end. */
const send = (message: FromGit): void => void process.send?.(message, undefined, undefined, () => undefined);
const waiting = new Map<number, (outcome: Outcome) => void>();
const aborts = new Map<number, AbortController>();
let lastQuestion = 0;
let workspaces: Workspaces | undefined;

process.on('message', (message: ToGit) => {
  switch (message.kind) {
    case 'start':
      workspaces = open(message.options);
      return;
    case 'call':
      void run(message);
      return;
    case 'abort':
      aborts.get(message.id)?.abort();
      return;
    case 'answer':
      waiting.get(message.id)?.(message.outcome);
      waiting.delete(message.id);
  }
});

function open({ dataDir, webUrl, gitTimeoutMs, sandbox }: GitProcessOptions): Workspaces {
  const openEgress = () => Promise.reject(new Error('The boxes of git reach nothing.'));
  const logged = (level: LogLevel) => (fields: object, message: string) =>
    send({ kind: 'log', level, fields, message });
  return createWorkspaces({
    dataDir,
    gitTimeoutMs,
    github: gitHub(webUrl),
    clock: { now: Date.now },
    log: { debug: logged('debug'), info: logged('info'), warn: logged('warn'), error: logged('error') },
    sandbox: createSandbox({ ...sandbox, hosts: [], openEgress }),
  });
}

/** As much of it as git needs: by questions, as tokens are kept where they are minted. */
function gitHub(webUrl: string): GitHubForGit {
  return {
    cloneUrl: (fullName) => `${webUrl}/${fullName}.git`,
    gitToken: async (installationId, repositoryId, access, { fresh = false } = {}) =>
      String(await ask({ about: 'token', installationId, repositoryId, access, fresh })),
    reads: (installationId) => ({
      repository: async (fullName) => (await ask({ about: 'repository', installationId, fullName })) as AskedRepository,
    }),
  };
}

async function ask(question: Question): Promise<unknown> {
  lastQuestion += 1;
  const id = lastQuestion;
  const answered = Promise.withResolvers<Outcome>();
  waiting.set(id, answered.resolve);
  send({ kind: 'ask', id, question });
  const outcome = await answered.promise;
  if (!outcome.ok) throw receivedError(outcome.error);
  return outcome.value;
}

async function run({ id, method, args, aborted }: Extract<ToGit, { kind: 'call' }>): Promise<void> {
  const abort = new AbortController();
  if (aborted) abort.abort();
  aborts.set(id, abort);
  const given = args.map((argument) => {
    if (argument === FUNCTION) return (asked: unknown) => ask({ about: 'function', call: id, argument: asked });
    const options = typeof argument === 'object' && argument !== null && 'signal' in argument;
    return options && argument.signal === SIGNAL ? { ...argument, signal: abort.signal } : argument;
  });
  const outcome = await outcomeOf(() => {
    if (workspaces === undefined) throw new Error('A call came before the start.');
    return Reflect.apply(workspaces[method], workspaces, given);
  });
  aborts.delete(id);
  send({ kind: 'done', id, outcome });
}
