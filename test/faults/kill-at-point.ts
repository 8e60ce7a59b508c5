/**
 * Preloaded into the app, which knows nothing of it: wraps the two ways by which effects leave a process, fetch and git,
 * and kills the process at the point that is armed. What it died at is written down first, so that coverage counts what
 * happened.
 */
import childProcess, { type ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { ARMED_FILE, type Armed, armedSchema, DEATH_FILE } from './armed.ts';
import { type Point, pointOfGit, pointOfRequest, type Side } from './points.ts';

const armedFile = process.env[ARMED_FILE];
const deathFile = process.env[DEATH_FILE];
if (armedFile !== undefined && deathFile !== undefined) {
  watch(armedFile, deathFile);
}

function watch(armedFile: string, deathFile: string): void {
  let text = '';
  let seen = 0;

  /** What is armed, if this is the time that counts. It may change while the process runs, and counting begins anew. */
  function reach(point: Point | undefined): Armed | null {
    if (point === undefined) return null;
    const now = readFileSync(armedFile, 'utf8');
    if (now !== text) seen = 0;
    text = now;
    const armed = armedSchema.nullable().parse(JSON.parse(text));
    if (point !== armed?.point) return null;
    seen += 1;
    return seen === armed.occurrence ? armed : null;
  }

  function dieOn(side: Side, armed: Armed): void {
    if (side !== armed.side) return;
    writeFileSync(deathFile, JSON.stringify(armed));
    process.kill(process.pid, 'SIGKILL');
  }

  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
    const armed = reach(pointOfRequest(method, url));
    if (armed === null) return fetch(input, init);
    dieOn('before', armed);
    const answer = await fetch(input, init);
    dieOn('after', armed);
    return answer;
  };

  const { spawn } = childProcess;
  const wrapped = (...all: Parameters<typeof spawn>): ChildProcess => {
    const [command, args] = all;
    const armed = reach(command === 'git' && Array.isArray(args) ? pointOfGit(args) : undefined);
    if (armed === null) return spawn(...all);
    dieOn('before', armed);
    const child = spawn(...all);
    // Before anybody else hears of it.
    child.prependOnceListener('exit', () => dieOn('after', armed));
    return child;
  };
  Object.assign(childProcess, { spawn: wrapped });
  syncBuiltinESMExports();
}
