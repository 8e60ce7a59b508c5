import { access, constants, realpath, stat } from 'node:fs/promises';
import { homedir, userInfo } from 'node:os';
import { delimiter, dirname, extname, isAbsolute, join, resolve, sep } from 'node:path';
import { RehearseError } from './options.ts';

/** An agent as the operator's settings name it. */
export interface AgentCommand {
  command: string;
  args: readonly string[];
  /** Absolute paths that its box has, read-only. */
  read: readonly string[];
}

/** In every box already. */
const SYSTEM = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
const SCRIPTS = ['.js', '.mjs', '.cjs', '.ts', '.mts', '.cts'];

/**
 * The command as it runs in a box: its program by the file that it really is, and the folders that it and its arguments
 * need. @param path PATH of this machine. Throws RehearseError where there is no such program.
 */
export async function agentInBox([program = '', ...args]: readonly string[], path: string): Promise<AgentCommand> {
  const found = await findProgram(program, path);
  if (found === null) {
    throw new RehearseError(`--agent: there is no program ${JSON.stringify(program)} on the PATH ${path}.`);
  }
  const command = await realpath(found);
  const files = [command, ...(await existingFiles(args))];
  const read = await Promise.all(files.map(readableFor));
  return { command, args, read: [...new Set(read.flat())] };
}

async function findProgram(program: string, path: string): Promise<string | null> {
  const folders = program.includes(sep) ? [process.cwd()] : path.split(delimiter).filter((folder) => folder !== '');
  for (const folder of folders) {
    const candidate = resolve(folder, program);
    const isProgram = await access(candidate, constants.X_OK).then(
      () => stat(candidate),
      () => null,
    );
    if (isProgram?.isFile()) return candidate;
  }
  return null;
}

async function existingFiles(args: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    args.map(async (arg) => {
      const stats = isAbsolute(arg) ? await stat(arg).catch(() => null) : null;
      return stats?.isFile() ? [arg] : [];
    }),
  );
  return found.flat();
}

/** What a box needs for a file: the packages that it is one of, or its folder, and for a script the packages beside it. */
async function readableFor(file: string): Promise<string[]> {
  const real = await realpath(file);
  if (SYSTEM.some((folder) => real.startsWith(`${folder}/`))) return [];
  const parts = real.split(sep);
  const packages = parts.indexOf('node_modules');
  if (packages !== -1) return [parts.slice(0, packages + 1).join(sep)];
  // Of a home, and of what homes are in, only the file: the rest holds keys.
  const own = isHome(dirname(real)) ? real : dirname(real);
  return [own, ...(SCRIPTS.includes(extname(real)) ? await packagesAbove(dirname(real)) : [])];
}

/** Where Node looks for the packages of a script, and what kind of script it is. */
async function packagesAbove(folder: string): Promise<string[]> {
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    const manifest = join(at, 'package.json');
    if (await stat(manifest).catch(() => null)) return [manifest, join(at, 'node_modules')];
  }
  return [];
}

function isHome(folder: string): boolean {
  const homes = [homedir(), userInfo().homedir, '/root', '/tmp'];
  return (
    homes.some((home) => home === folder || home.startsWith(join(folder, sep))) ||
    /^\/(?:home|Users)\/[^/]+$/.test(folder)
  );
}
