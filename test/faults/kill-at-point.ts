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
  const armed = armedSchema.nullable().parse(JSON.parse(readFileSync(armedFile, 'utf8')));
  if (armed !== null) arm(armed, deathFile);
}

function arm(armed: Armed, deaths: string): void {
  let seen = 0;

  /** Whether this is the time that counts: a point's two sides are of one occurrence. */
  function reach(point: Point | undefined): boolean {
    if (point !== armed.point) return false;
    seen += 1;
    return seen === armed.occurrence;
  }

  function dieOn(side: Side): void {
    if (side !== armed.side) return;
    writeFileSync(deaths, JSON.stringify(armed));
    process.kill(process.pid, 'SIGKILL');
  }

  const { fetch } = globalThis;
  globalThis.fetch = async (input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
    if (!reach(pointOfRequest(method, url))) return fetch(input, init);
    dieOn('before');
    const answer = await fetch(input, init);
    dieOn('after');
    return answer;
  };

  const { spawn } = childProcess;
  const wrapped = (...all: Parameters<typeof spawn>): ChildProcess => {
    const [command, args] = all;
    const git = command === 'git' && Array.isArray(args) ? pointOfGit(args) : undefined;
    if (!reach(git)) return spawn(...all);
    dieOn('before');
    const child = spawn(...all);
    // Before anybody else hears of it.
    child.prependOnceListener('exit', () => dieOn('after'));
    return child;
  };
  Object.assign(childProcess, { spawn: wrapped });
  syncBuiltinESMExports();
}
