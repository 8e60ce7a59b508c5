import { namedBeside } from '../core/workflow/named-beside.ts';

/** How a file of the workflow's folder is read; undefined: it is not there. */
export type ReadBeside = (path: string) => Promise<string | undefined>;

/**
 * Everything that a workflow names beside it, files and workflows and what these name, by path below its folder. What is
 * not there is left out: the product tells it, as it would on GitHub.
 */
export async function readBeside(text: string, read: ReadBeside): Promise<Readonly<Record<string, string>>> {
  const found: Record<string, string> = {};
  const open = [text];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { files, includes } = namedBeside(next);
    for (const path of files) {
      const content = found[path] ?? (await read(path));
      if (content !== undefined) found[path] = content;
    }
    for (const path of includes.map((name) => `${name}.yml`)) {
      const included = Object.hasOwn(found, path) ? undefined : await read(path);
      if (included === undefined) continue;
      found[path] = included;
      open.push(included);
    }
  }
  return found;
}
