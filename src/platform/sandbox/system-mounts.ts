import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Folders of programs and libraries at the root; distributions that merged them into /usr have links there. */
export const PROGRAM_FOLDERS = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];

/** What programs need of /etc. The rest stays outside: it names the host's users, services and secrets. */
const ETC = [
  'alternatives',
  'ca-certificates',
  'ca-certificates.conf',
  'crypto-policies',
  'ld.so.cache',
  'ld.so.conf',
  'ld.so.conf.d',
  'localtime',
  'mime.types',
  'pki',
  'protocols',
  'services',
  'ssl',
];

/** Ours in place of the host's: a user whose number is the one in every box, and no name but localhost. */
const OWN_ETC = ['passwd', 'group', 'hosts', 'nsswitch.conf'];

/** Where the libraries are, and what a name of a program stands for: all that our git needs. */
const ETC_OF_GIT = ['alternatives', 'ld.so.cache'];

/** Arguments of bubblewrap that bring the system's programs into a box, read-only; for commands, or for our git alone. */
export function systemMounts(forWhom: 'commands' | 'git'): string[] {
  const programs = PROGRAM_FOLDERS.flatMap(programFolder);
  if (forWhom === 'git') return [...programs, ...ETC_OF_GIT.flatMap(hostEtc)];
  return [
    ...programs,
    ...ETC.flatMap(hostEtc),
    ...OWN_ETC.flatMap((name) => ['--ro-bind', join(import.meta.dirname, 'etc', name), `/etc/${name}`]),
  ];
}

const hostEtc = (name: string): string[] => ['--ro-bind-try', `/etc/${name}`, `/etc/${name}`];

function programFolder(path: string): string[] {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return [];
  return stats.isSymbolicLink() ? ['--symlink', readlinkSync(path), path] : ['--ro-bind', path, path];
}

/** What makes the running Node whole: never all that lies beside it, which can be a person's `~/.local`. */
export function nodeFolders(execPath: string): string[] {
  const folder = dirname(execPath);
  const prefix = dirname(folder);
  if (basename(folder) !== 'bin') return [execPath];
  return [folder, join(prefix, 'lib', 'node_modules'), join(prefix, 'include', 'node')].filter((path) =>
    existsSync(path),
  );
}
