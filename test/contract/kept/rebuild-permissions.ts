import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cutPermissions, keptPermissions } from './cut-permissions.ts';
import { operationsInScope } from './scope.ts';

/**
 * `npm run contract:permissions -- <file or https URL of server-to-server-permissions.json> --commit <sha>`
 * writes github-permissions.json anew; the commit is the one of github/docs that the file is from.
 */
const PATH = 'src/github-apps/data/fpt-2026-03-10/server-to-server-permissions.json';

const { positionals, values } = parseArgs({ allowPositionals: true, options: { commit: { type: 'string' } } });
const [place, ...more] = positionals;
const { commit } = values;
if (place === undefined || more.length > 0 || commit === undefined || !/^[0-9a-f]{40}$/.test(commit)) {
  throw new Error(`Give one file or https URL of github/docs ${PATH}, and its commit: --commit <40 hex digits>.`);
}
const operations = cutPermissions(JSON.parse(await read(place)), operationsInScope);
const kept = keptPermissions.parse({ source: `github/docs ${PATH}`, commit, operations });
await writeFile(join(import.meta.dirname, 'github-permissions.json'), `${JSON.stringify(kept, null, 2)}\n`);
process.stdout.write(
  `${Object.keys(operations).length} of ${operationsInScope.length} operations need a permission of the installation.\n`,
);

async function read(from: string): Promise<string> {
  if (!from.startsWith('https://')) return readFile(from, 'utf8');
  const response = await fetch(from);
  if (!response.ok) throw new Error(`${from} answered ${response.status}; give a URL of the raw file, or a file.`);
  return response.text();
}
