import type { BoxedCommand, BoxLimits, Mount } from '../../ports/sandbox.ts';
import type { HiddenPlace } from './hidden-places.ts';

/** Whoever runs the server, in the box it is an ordinary user. */
const USER = '1000';
const TMP_BYTES = 512 * 1024 * 1024;
const SHARED_MEMORY_BYTES = 256 * 1024 * 1024;

export interface BoxFacts {
  /** bubblewrap, by its absolute path. */
  program: string;
  /** See `systemMounts`: of what is run for others. */
  system: readonly string[];
  /** Of what is sealed, which is our git: bubblewrap looks through all mounts for each, so that a third of them costs half as much. */
  sealedSystem: readonly string[];
  /** This bubblewrap can forbid further user namespaces. */
  canDisableUserNamespaces: boolean;
  /** File with the filter of system calls; null: there is none for this machine. */
  filter: string | null;
}

/**
 * What bubblewrap is told on a file descriptor: no environment, and no path, stands in any argument.
 * Source: bwrap(1).
 */
export function boxArguments(
  facts: BoxFacts,
  { mounts, sealed }: { mounts: readonly (Mount | HiddenPlace)[]; sealed: boolean },
  { cwd, env }: Pick<BoxedCommand, 'cwd' | 'env'>,
): string[] {
  return [
    '--unshare-all',
    '--unshare-user',
    ...(facts.canDisableUserNamespaces ? ['--disable-userns'] : []),
    ...['--uid', USER, '--gid', USER],
    ...['--hostname', 'fleet'],
    '--die-with-parent',
    ...(sealed ? facts.sealedSystem : facts.system),
    ...(facts.filter === null ? [] : ['--seccomp', String(FILTER_DESCRIPTOR)]),
    ...(sealed ? DEVICES_OF_GIT : KERNEL_PLACES),
    ...['--size', String(TMP_BYTES), '--tmpfs', '/tmp'],
    ...mounts.flatMap(mountArguments),
    ...(sealed ? [] : ['--remount-ro', '/dev']),
    // What holds the mount points is memory.
    ...['--remount-ro', '/'],
    ...['--chdir', cwd],
    '--clearenv',
    ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]),
  ];
}

const KERNEL_PLACES = [
  ...['--proc', '/proc'],
  // Root outside is the owner of these files inside too, and a core_pattern of its own would run on the host.
  ...['--ro-bind', '/proc/sys', '/proc/sys'],
  ...['--remount-ro', '/proc'],
  ...['--dev', '/dev'],
  ...['--size', String(SHARED_MEMORY_BYTES), '--tmpfs', '/dev/shm'],
];
/** git names its temporary files by random bytes. */
const DEVICES_OF_GIT = ['/dev/null', '/dev/urandom'].flatMap((device) => ['--dev-bind', device, device]);

/** As it is read from the control descriptor. @throws TypeError for a NUL, behind which a value could bring arguments of its own */
export function controlText(args: readonly string[]): string {
  if (args.some((argument) => argument.includes('\0'))) {
    throw new TypeError('An environment variable holds a NUL, which no program can be given.');
  }
  return args.map((argument) => `${argument}\0`).join('');
}

function mountArguments({ path, access }: Mount | HiddenPlace): string[] {
  switch (access) {
    case 'write':
      return ['--bind-try', path, path];
    case 'read':
      return ['--ro-bind-try', path, path];
    case 'empty':
    case 'no-folder':
      return ['--size', '4096', '--tmpfs', path];
    case 'no-file':
      // Without its device, which is refused wherever the mount does not allow devices.
      return ['--ro-bind', '/dev/null', path];
  }
}

/** Descriptor from which bubblewrap reads the filter of system calls. */
const FILTER_DESCRIPTOR = 4;
/** Descriptor on which bubblewrap tells whether it came to the command: the other way of the one that it is told by. */
const STATUS_DESCRIPTOR = 5;
const CONTROL_DESCRIPTOR = 3;
/** The last command of a shell: what follows it becomes this process. */
const BECOME = `exec "$@" ${FILTER_DESCRIPTOR}< "$0" ${STATUS_DESCRIPTOR}>&${CONTROL_DESCRIPTOR}`;
/** The command of the box itself; the rest of its arguments comes by the control descriptor. */
export const bubblewrap = ({ program }: Pick<BoxFacts, 'program'>): string[] => [
  program,
  ...['--json-status-fd', String(STATUS_DESCRIPTOR)],
  ...['--args', String(CONTROL_DESCRIPTOR)],
];

const NO_FILTER = '/dev/null';

/**
 * What is put before bubblewrap. Its limits are set out here, where no variable of the box can change the programs that set
 * them; one that is narrower already stays so. The machine's memory is short because of boxes first: proc_pid_oom_score_adj(5).
 */
export function preludeArguments(facts: Pick<BoxFacts, 'filter'>, limits: BoxLimits): [command: string, ...string[]] {
  const { cpuSeconds, fileBytes, memoryBytes } = limits;
  const blocks = [
    ['c', 0],
    ['t', cpuSeconds],
    ['f', Math.ceil(fileBytes / 512)],
    ['d', Math.ceil(memoryBytes / 1024)],
  ].map(([letter, value]) => `ulimit -${letter} ${value} 2>/dev/null || :`);
  const script = ['echo 500 > /proc/self/oom_score_adj', ...blocks, BECOME].join('; ');
  return ['sh', '-c', script, facts.filter ?? NO_FILTER];
}

/**
 * What is put before the command in its box: the kernel counts processes by box only when the limit is set in there.
 * @param prlimit absolute, as the PATH in there can name folders of the clone
 */
export const limitArguments = (prlimit: string, { processes }: BoxLimits): string[] => [
  prlimit,
  `--nproc=${processes}:${processes}`,
  '--',
];
