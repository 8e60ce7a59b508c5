import { execa } from 'execa';
import type { BoxLimits } from '../../ports/sandbox.ts';
import { type BoxFacts, boxArguments, bubblewrap, controlText, preludeArguments } from './box-arguments.ts';
import { syscallFilter } from './filters/syscall-filter.ts';
import { findProgram } from './find-program.ts';
import { systemMounts } from './system-mounts.ts';

/** Why there can be no box on this machine, and what to do. */
export interface NoSandbox {
  problem: string;
  remedy: string;
}

const INSTALL = [
  'Debian, Ubuntu: sudo apt-get install bubblewrap',
  'Fedora, RHEL: sudo dnf install bubblewrap',
  'Alpine: apk add bubblewrap util-linux',
  'Arch: pacman -S bubblewrap',
  'openSUSE: zypper install bubblewrap',
].join('; ');

const USER_NAMESPACES =
  'The system forbids user namespaces. Ubuntu 23.10 and later: allow them to bwrap by an AppArmor profile ' +
  '(/etc/apparmor.d/bwrap with `userns,`), or sysctl -w kernel.apparmor_restrict_unprivileged_userns=0. Debian 10: ' +
  'sysctl -w kernel.unprivileged_userns_clone=1. In a container: docker run --security-opt seccomp=unconfined ' +
  '--security-opt apparmor=unconfined --security-opt systempaths=unconfined, or a seccomp profile that allows clone, ' +
  'unshare, mount, pivot_root and umount2';

const TIMEOUT_MS = 10_000;
const WIDE: BoxLimits = {
  processes: 4096,
  memoryBytes: 1024 ** 4,
  cpuSeconds: 60,
  fileBytes: 1024 ** 4,
  diskBytes: 1024 ** 4,
};

/**
 * Makes a box in earnest: whether a machine allows it shows in nothing else.
 * @param path PATH of the server, on which bubblewrap is looked for
 */
export async function probeSandbox(path: string): Promise<BoxFacts | NoSandbox> {
  if (process.platform !== 'linux') {
    return { problem: 'bubblewrap is for Linux', remedy: 'Run Flotilla on Linux, or in a Linux container.' };
  }
  const program = findProgram('bwrap', path);
  if (program === null) return { problem: 'bubblewrap (bwrap) is not installed', remedy: `${INSTALL}.` };
  const filter = syscallFilter(process.arch);
  const strict = {
    program,
    system: systemMounts('commands'),
    sealedSystem: systemMounts('git'),
    filter,
    canDisableUserNamespaces: true,
  };
  if ((await tryBoxes(strict)) === null) return strict;
  // Before 0.8 bubblewrap does not know the option.
  const plain = { ...strict, canDisableUserNamespaces: false };
  return (await tryBoxes(plain)) ?? plain;
}

/** One for commands and one for our git, which differ in what bubblewrap has to do for them. */
async function tryBoxes(facts: BoxFacts): Promise<NoSandbox | null> {
  const [forCommands, forGit] = await Promise.all([tryBox(facts, false), tryBox(facts, true)]);
  return forCommands ?? forGit;
}

async function tryBox(facts: BoxFacts, sealed: boolean): Promise<NoSandbox | null> {
  const args = boxArguments(facts, { mounts: [], sealed }, { cwd: '/', env: { PATH: '/usr/local/bin:/usr/bin:/bin' } });
  const [shell, ...prelude] = preludeArguments(facts, WIDE);
  const test = ['sh', '-c', 'command -v prlimit >/dev/null || exit 3'];
  const result = await execa(shell, [...prelude, ...bubblewrap(facts), '--', ...test], {
    reject: false,
    timeout: TIMEOUT_MS,
    stdio: ['ignore', 'pipe', 'pipe', Buffer.from(controlText(args))],
    extendEnv: false,
  });
  if (result.exitCode === 0) return null;
  if (result.exitCode === 3) {
    return { problem: 'prlimit is not installed', remedy: 'It is part of util-linux; on Alpine: apk add util-linux.' };
  }
  const said = result.stderr.trim().split('\n').at(-1) ?? '';
  return { problem: `bubblewrap cannot make a box here (${said})`, remedy: `${USER_NAMESPACES}.` };
}
