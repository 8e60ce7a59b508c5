import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotThere } from '../core/is-not-there.ts';
import { isPathBeside } from '../core/workflow/path-beside.ts';
import type { BundledWorkflows } from '../ports/bundled-workflows.ts';

/** The `.yml` files of one folder. Names come from commands, so only plain words become paths. */
export function createBundledWorkflows(folder: string): BundledWorkflows {
  return {
    async text(name) {
      if (!/^[a-z0-9][a-z0-9._-]*$/.test(name)) return undefined;
      return readIfThere(join(folder, `${name}.yml`));
    },
    async file(path) {
      return isPathBeside(path) ? readIfThere(join(folder, path)) : undefined;
    },
    async names() {
      const entries = await readdir(folder);
      return entries.filter((entry) => entry.endsWith('.yml')).map((entry) => entry.slice(0, -'.yml'.length));
    },
  };
}

function readIfThere(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (isNotThere(error)) return undefined;
    throw error;
  });
}
