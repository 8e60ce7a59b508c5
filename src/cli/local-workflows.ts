import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isNotThere } from '../core/is-not-there.ts';
import { isPathBeside } from '../core/workflow/path-beside.ts';
import type { WorkflowSource } from '../core/workflow/types.ts';
import { type FoundText, loadSource } from '../fleet/load-source.ts';
import type { BundledWorkflows } from '../ports/bundled-workflows.ts';

/** A file that a person named, and that cannot be read. */
export class UnreadablePath extends Error {
  override readonly name = 'UnreadablePath';
}

/** More than any workflow may have; what is larger is not read at all. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * The workflow files at a path: the file itself, or every `*.yml` of a folder, in order.
 * @throws UnreadablePath
 */
export async function workflowFilesAt(path: string): Promise<string[]> {
  const found = await stat(path).catch((error: unknown) => {
    if (!isNotThere(error)) return unreadable(path)(error);
    throw new UnreadablePath(`${path} cannot be read: there is no such file or folder here.`);
  });
  if (!found.isDirectory()) return [path];
  const entries = await readdir(path).catch(unreadable(path));
  const files = entries.filter((entry) => entry.endsWith('.yml')).sort();
  if (files.length === 0) throw new UnreadablePath(`${path} holds no .yml file.`);
  return files.map((file) => join(path, file));
}

/**
 * A workflow on this machine with what it names beside it: files of its folder, and workflows of its folder or, where
 * there is none, the bundled ones.
 * @throws UnreadablePath; Refusal when it names too much
 */
export async function loadLocalWorkflow(path: string, bundled: BundledWorkflows): Promise<WorkflowSource> {
  const folder = dirname(path);
  const text = await readWithin(folder, basename(path));
  if (text === undefined) throw new UnreadablePath(`${path} cannot be read: there is no such file.`);
  const file = (beside: string) => (isPathBeside(beside) ? readWithin(folder, beside) : Promise.resolve(undefined));
  const find = async (name: string): Promise<FoundText | undefined> => {
    const own = await file(`${name}.yml`);
    if (own !== undefined) return { name, origin: join(folder, `${name}.yml`), text: own, file };
    const shipped = await bundled.text(name);
    if (shipped === undefined) return undefined;
    return { name, origin: `bundled:${name}.yml`, text: shipped, file: (beside) => bundled.file(beside) };
  };
  return loadSource({ name: basename(path).replace(/\.ya?ml$/, ''), origin: path, text, file }, find);
}

/** A link that leads out of the folder is not followed: a stranger's pull request could show any file of the machine. */
async function readWithin(folder: string, path: string): Promise<string | undefined> {
  const shown = join(folder, path);
  try {
    const real = await realpath(shown);
    if (!real.startsWith(join(await realpath(folder), '/')))
      throw new UnreadablePath(`${shown} is a link out of its folder.`);
    const { size } = await stat(real);
    if (size > MAX_BYTES) throw new UnreadablePath(`${shown} has ${size} bytes; ${MAX_BYTES} are read at most.`);
    return await readFile(real, 'utf8');
  } catch (error) {
    if (isNotThere(error)) return undefined;
    if (error instanceof UnreadablePath) throw error;
    return unreadable(shown)(error);
  }
}

const unreadable =
  (path: string) =>
  (error: unknown): never => {
    throw new UnreadablePath(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  };
