import { execFileSync } from 'node:child_process';

/** A process, told from a later one with the same number by when it started. */
export interface SeenProcess {
  pid: number;
  started: string;
}

interface Listed extends SeenProcess {
  parent: number;
}

function listed(): Listed[] {
  const text = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,lstart='], { encoding: 'utf8' });
  return text.split('\n').flatMap((line) => {
    const [, pid = '', parent = '', state = '', started = ''] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    return pid === '' || state.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent), started }];
  });
}

/** The process and everything that it started, also in process groups of their own; parents first. */
export function processTree(root: number): SeenProcess[] {
  const all = listed();
  const found = all.filter(({ pid }) => pid === root);
  for (const { pid } of found) found.push(...all.filter(({ parent }) => parent === pid));
  return found.map(({ pid, started }) => ({ pid, started }));
}

/** Those of them that still run. */
export function stillRunning(processes: readonly SeenProcess[]): SeenProcess[] {
  const now = new Set(listed().map(({ pid, started }) => `${pid} ${started}`));
  return processes.filter(({ pid, started }) => now.has(`${pid} ${started}`));
}

/** Ends what is left of them at once. */
export function endAll(processes: readonly SeenProcess[]): void {
  for (const { pid } of stillRunning(processes)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself in between.
    }
  }
}
