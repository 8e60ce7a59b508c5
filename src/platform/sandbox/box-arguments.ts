import type { BoxedCommand, BoxLimits, Mount } from '../../ports/sandbox.ts';

/** Whoever runs the server, in the box it is an ordinary user. */
const USER = '1000';
const TMP_BYTES = 512 * 1024 * 1024;
const SHARED_MEMORY_BYTES = 256 * 1024 * 1024;

export interface BoxFacts {
  /** bubblewrap, by its absolute path. */
  program: string;
  /** See `systemMounts`. */
  system: readonly string[];
  /** This bubblewrap can forbid further user namespaces. */
  canDisableUserNamespaces: boolean;
}

/**
 * What bubblewrap is told on a file descriptor: no environment, and no path, stands in any argument.
 * Source: bwrap(1).
 */
export function boxArguments(
  facts: BoxFacts,
  mounts: readonly Mount[],
  { cwd, env }: Pick<BoxedCommand, 'cwd' | 'env'>,
): string[] {
  return [
    '--unshare-all',
    '--unshare-user',
    ...(facts.canDisableUserNamespaces ? ['--disable-userns'] : []),
    ...['--uid', USER, '--gid', USER],
    ...['--hostname', 'fleet'],
    '--die-with-parent',
    ...facts.system,
    ...['--proc', '/proc'],
    // Root outside is the owner of these files inside too, and a core_pattern of its own would run on the host.
    ...['--ro-bind', '/proc/sys', '/proc/sys'],
    ...['--dev', '/dev'],
    ...['--size', String(SHARED_MEMORY_BYTES), '--tmpfs', '/dev/shm'],
    ...['--size', String(TMP_BYTES), '--tmpfs', '/tmp'],
    ...mounts.flatMap(mountArguments),
    ...['--remount-ro', '/dev'],
    // What holds the mount points is memory.
    ...['--remount-ro', '/'],
    ...['--chdir', cwd],
    '--clearenv',
    ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]),
  ];
}

function mountArguments({ path, access }: Mount): string[] {
  switch (access) {
    case 'write':
      return ['--bind-try', path, path];
    case 'read':
      return ['--ro-bind-try', path, path];
    case 'empty':
      return ['--size', '4096', '--tmpfs', path];
  }
}

/** What is put before a command in its box: the machine's memory is short because of it first, and its limits hold. */
export function limitArguments(limits: BoxLimits): string[] {
  const both = (name: string, value: number): string => `--${name}=${value}:${value}`;
  return [
    ...['sh', '-c', 'echo 500 > /proc/self/oom_score_adj; exec "$@"', 'sh', 'prlimit'],
    both('nproc', limits.processes),
    both('data', limits.memoryBytes),
    both('cpu', limits.cpuSeconds),
    both('fsize', limits.fileBytes),
    '--core=0:0',
    '--',
  ];
}
