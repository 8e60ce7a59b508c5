import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readlinkSync, statfsSync, statSync } from 'node:fs';
import { cpus, loadavg, platform, release, tmpdir, totalmem } from 'node:os';
import { basename } from 'node:path';

/** What figures depend on, and nothing by which the machine could be found. */
export interface Machine {
  processor: string;
  cores: number;
  memoryGiB: number;
  system: string;
  node: string;
  git: string;
  bubblewrap: string | null;
  /** Of the folder for temporary files, in which everything that is measured works. */
  fileSystem: string;
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
    fileSystem: fileSystemOf(tmpdir()),
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

/** By their numbers in statfs(2). */
const FILE_SYSTEMS: ReadonlyMap<number, string> = new Map([
  [0xef53, 'ext4'],
  [0x58465342, 'XFS'],
  [0x9123683e, 'Btrfs'],
  [0x01021994, 'tmpfs'],
  [0x794c7630, 'overlayfs'],
]);

/** Of ext4 it matters for how fast files are made whether it has a journal: its devices are named in /proc/fs/jbd2. */
function fileSystemOf(folder: string): string {
  const { type } = statfsSync(folder);
  const name = FILE_SYSTEMS.get(type) ?? `file system 0x${type.toString(16)}`;
  const device = name === 'ext4' ? deviceOf(folder) : null;
  if (device === null) return name;
  const journals = existsSync('/proc/fs/jbd2') ? readdirSync('/proc/fs/jbd2') : [];
  return journals.some((journal) => journal.startsWith(`${device}-`)) ? name : `${name} without a journal`;
}

/** As the kernel names it, by its numbers: makedev(3). null: it is no device of this machine. */
function deviceOf(folder: string): string | null {
  const { dev } = statSync(folder, { bigint: true });
  const major = ((dev >> 32n) & 0xfffff000n) | ((dev >> 8n) & 0xfffn);
  const minor = ((dev >> 12n) & 0xffffff00n) | (dev & 0xffn);
  const link = `/sys/dev/block/${major}:${minor}`;
  return existsSync(link) ? basename(readlinkSync(link)) : null;
}
