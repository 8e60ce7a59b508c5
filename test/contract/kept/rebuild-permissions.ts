import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { keptPermissions } from './cut-permissions.ts';
import { readPermissionData } from './read-permission-data.ts';
import { operationsInScope } from './scope.ts';

/**
 * `npm run contract:permissions -- <file or https URL of server-to-server-permissions.json> --commit <sha>`
 * writes github-permissions.json anew; the commit is the one of github/docs that the file is from, the folder the one
 * of its API version.
 */
async function rebuild(): Promise<void> {
  const options = { commit: { type: 'string' }, folder: { type: 'string', default: 'fpt-2026-03-10' } } as const;
  const { positionals, values } = parseArgs({ allowPositionals: true, options });
  const [place, ...more] = positionals;
  const { commit, folder } = values;
  const path = `src/github-apps/data/${folder}/server-to-server-permissions.json`;
  if (place === undefined || more.length > 0 || commit === undefined || !/^[0-9a-f]{40}$/.test(commit)) {
    throw new Error(`Give one file or https URL of github/docs ${path}, and its commit: --commit <40 hex digits>.`);
  }
  const operations = await readPermissionData(place, operationsInScope);
  const kept = keptPermissions.parse({ source: `github/docs ${path}`, commit, operations });
  await writeFile(join(import.meta.dirname, 'github-permissions.json'), `${JSON.stringify(kept, null, 2)}\n`);
  process.stdout.write(
    `${Object.keys(operations).length} of ${operationsInScope.length} operations need a permission of the installation.\n`,
  );
}

try {
  await rebuild();
} catch (error) {
  process.stderr.write(`Nothing was written: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
