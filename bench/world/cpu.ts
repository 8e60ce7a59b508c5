import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Of Linux alone; elsewhere there is nothing to read, and the figures are left out. */
const TICK_MS =
  process.platform === 'linux' ? 1000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' })) : 0;

/** Milliseconds of processor time of a process, of its children, and of those that they have waited for; undefined: not known here. */
export function cpuMs(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const stat = readProc(pid, 'stat');
  // The name before it may hold spaces. Source: proc(5), fields 14 to 17.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const own = fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * TICK_MS;
  return childrenOf(pid).reduce((sum, child) => sum + (cpuMs(child) ?? 0), own);
}

/**
 * The most memory in MiB that a process and its children have held so far; undefined: not known here. Of those that run the
 * same program, the pages of its file count once, as the machine has them once.
 */
export const peakMiB = (pid: number): number | undefined => withChildren(pid, 'VmHWM');

/** The memory in MiB that they hold now; undefined: not known here. */
export const residentMiB = (pid: number): number | undefined => withChildren(pid, 'VmRSS');

function withChildren(pid: number, field: 'VmHWM' | 'VmRSS'): number | undefined {
  if (process.platform !== 'linux') return undefined;
  const ofChildren = childrenOf(pid).map((child) => statusMiB(child, field) - statusMiB(child, 'RssFile'));
  return ofChildren.reduce((sum, mib) => sum + mib, statusMiB(pid, field));
}

/** Source: proc(5), /proc/pid/status. */
function statusMiB(pid: number, field: string): number {
  const line = readProc(pid, 'status')
    .split('\n')
    .find((each) => each.startsWith(`${field}:`));
  return Number(/\d+/.exec(line ?? '')?.[0] ?? 0) / 1024;
}

/** Source: proc(5), /proc/pid/task/tid/children. */
function childrenOf(pid: number): number[] {
  const threads = listProc(pid, 'task');
  return threads.flatMap((thread) => (readProc(pid, `task/${thread}/children`).match(/\d+/g) ?? []).map(Number));
}

/** Empty for a process that ended a moment ago. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

function listProc(pid: number, folder: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/${folder}`);
  } catch {
    return [];
  }
}
