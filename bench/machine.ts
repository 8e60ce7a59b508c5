import { execFileSync } from 'node:child_process';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';

/** What figures depend on, and nothing by which the machine could be found. */
export interface Machine {
  processor: string;
  cores: number;
  memoryGiB: number;
  system: string;
  node: string;
  git: string;
  bubblewrap: string | null;
  /** Over the last minute, at the start of the run: above the number of cores, others worked here too. */
  load: number;
}

export function describeMachine(): Machine {
  const cores = cpus();
  return {
    processor: cores[0]?.model ?? 'unknown',
    cores: cores.length,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    system: `${platform()} ${/^\d+\.\d+/.exec(release())?.[0] ?? release()}`,
    node: process.version,
    git: versionOf('git') ?? 'none',
    bubblewrap: versionOf('bwrap'),
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}

function versionOf(program: string): string | null {
  try {
    return /\d+(?:\.\d+)+/.exec(execFileSync(program, ['--version'], { encoding: 'utf8' }))?.[0] ?? null;
  } catch {
    return null;
  }
}
