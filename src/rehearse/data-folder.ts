import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makePrivateFolder } from '../local-github/private-files.ts';
import { RehearseError } from './options.ts';

/**
 * Where everything of a rehearsal is kept, made for its owner alone; null: a new temporary folder. Throws RehearseError when an earlier rehearsal
 * is in it: the second one would follow the first one's fleet.
 */
export async function dataFolder(data: string | null): Promise<string> {
  if (data === null) return mkdtemp(join(tmpdir(), 'flotilla-'));
  const folder = resolve(data);
  const held = await readdir(folder).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw new RehearseError(`--data ${folder} cannot be used: ${error.message}`);
  });
  if (held.includes('github') || held.includes('app')) {
    throw new RehearseError(`${folder} holds an earlier rehearsal; give --data a new folder.`);
  }
  await makePrivateFolder(folder, OURS);
  return folder;
}

/** What a rehearsal or the demo writes there, besides what an earlier one would have. */
const OURS = ['sample', 'app.log', 'operator.yml'];
