import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotThere } from '../core/is-not-there.ts';
import { namedBeside } from '../core/workflow/named-beside.ts';

/** How a file of the workflow's folder is read; undefined: it is not there. */
export type ReadBeside = (path: string) => Promise<string | undefined>;

export const fromFolder =
  (folder: string): ReadBeside =>
  (path) =>
    readFile(join(folder, path), 'utf8').catch((error: unknown) => {
      if (isNotThere(error)) return undefined;
      throw error;
    });

/**
 * Everything that a workflow names beside it, files and workflows and what these name, by path below its folder. What is
 * not there is left out: the product tells it, as it would on GitHub.
 */
export async function readBeside(text: string, read: ReadBeside): Promise<Readonly<Record<string, string>>> {
  const found = new Map<string, string>();
  const open = [text];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { files, includes } = namedBeside(next);
    for (const path of files) {
      const content = found.get(path) ?? (await read(path));
      if (content !== undefined) found.set(path, content);
    }
    for (const path of includes.map((name) => `${name}.yml`)) {
      const included = found.has(path) ? undefined : await read(path);
      if (included === undefined) continue;
      found.set(path, included);
      open.push(included);
    }
  }
  return Object.fromEntries(found);
}
