import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { keptPermissions } from './cut-permissions.ts';
import { type Description, parseDescription } from './description.ts';

/** The cut of GitHub's description that is kept beside this file, as GitHub wrote it. */
export const readKeptDescription = (): Description => parseDescription(read('github-contract.json'));

/** The cut of GitHub's permission data that is kept beside this file. */
export const readKeptPermissions = (): z.infer<typeof keptPermissions> =>
  keptPermissions.parse(JSON.parse(read('github-permissions.json')));

const read = (file: string): string => readFileSync(join(import.meta.dirname, file), 'utf8');
