/**
 * Preloaded into the app, which knows nothing of it: wraps the two ways by which effects leave a process, fetch and git,
 * and kills the process at the first point that is armed. What it died at is written down first, so that coverage counts what
 * happened.
 */
import childProcess, { type ChildProcess, type Serializable } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { z } from 'zod';
import { ARMED_FILE, type Armed, armedSchema, DEATH_FILE } from './armed.ts';
import { type Point, pointOfCall, pointOfGit, pointOfRequest, type Side } from './points.ts';

const gitCall = z.object({ kind: z.literal('call'), id: z.number(), method: z.string() });
const gitAnswer = z.object({ kind: z.literal('done'), id: z.number() });

const armedFile = process.env[ARMED_FILE];
const deathFile = process.env[DEATH_FILE];
if (armedFile !== undefined && deathFile !== undefined) {
  watch(armedFile, deathFile);
}

function watch(armedFile: string, deathFile: string): void {
  const seen = new Map<string, number>();

  /** What is armed at this occurrence of the point; each is counted from when it was armed, which may be while the process runs. */
  function reach(point: Point | undefined): Armed[] {
    if (point === undefined) return [];
    const here = new Map<string, Armed>();
    for (const armed of armedSchema.parse(JSON.parse(readFileSync(armedFile, 'utf8')))) {
      if (armed.point === point) here.set(JSON.stringify(armed), armed);
    }
    return [...here].flatMap(([key, armed]) => {
      const occurrence = (seen.get(key) ?? 0) + 1;
      seen.set(key, occurrence);
      return occurrence === armed.occurrence ? [armed] : [];
    });
  }

  function dieOn(side: Side, reached: readonly Armed[]): void {
    const armed = reached.find((one) => one.side === side);
    if (armed === undefined) return;
    writeFileSync(deathFile, JSON.stringify(armed));
    process.kill(process.pid, 'SIGKILL');
  }

  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
    const reached = reach(pointOfRequest(method, url));
    dieOn('before', reached);
    const answer = await fetch(input, init);
    dieOn('after', reached);
    return answer;
  };

  const { spawn } = childProcess;
  const wrapped = (...all: Parameters<typeof spawn>): ChildProcess => {
    const [command, args] = all;
    const reached = reach(command === 'git' && Array.isArray(args) ? pointOfGit(args) : undefined);
    dieOn('before', reached);
    const child = spawn(...all);
    // Before anybody else hears of it.
    child.prependOnceListener('exit', () => dieOn('after', reached));
    return child;
  };
  // Our git runs in a process of its own: what leaves by it is a call to that one and its answer.
  const { fork } = childProcess;
  const forked = (...all: Parameters<typeof fork>): ChildProcess => {
    const child = fork(...all);
    const calls = new Map<number, readonly Armed[]>();
    const send = child.send.bind(child);
    const told = (message: Serializable, ...rest: unknown[]): boolean => {
      const call = gitCall.safeParse(message).data;
      const reached = reach(call === undefined ? undefined : pointOfCall(call.method));
      if (call !== undefined) calls.set(call.id, reached);
      dieOn('before', reached);
      return Reflect.apply(send, child, [message, ...rest]);
    };
    Object.assign(child, { send: told });
    child.prependListener('message', (message) => {
      const answer = gitAnswer.safeParse(message).data;
      if (answer !== undefined) dieOn('after', calls.get(answer.id) ?? []);
    });
    return child;
  };
  Object.assign(childProcess, { spawn: wrapped, fork: forked });
  syncBuiltinESMExports();
}
