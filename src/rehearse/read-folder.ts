import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { controlName } from './build-seed.ts';
import { type Discovered, discoverRepositories } from './discover-repositories.ts';
import { chooseLogins } from './logins.ts';
import { RehearseError } from './options.ts';
import { parseRehearseFile, type RehearseFile, refuseUnknownRepositories, rehearseFileName } from './rehearse-file.ts';

/** A folder of git repositories as an organization. */
export interface ReadFolder {
  organization: string;
  sender: string;
  /** Name of the generated control repository. */
  control: string;
  repositories: readonly Discovered[];
  file: RehearseFile;
  /** Topics are known; without, `services:` of a workflow says nothing here. */
  tagged: boolean;
}

/** Only reads. Throws RehearseError where a person can do something about it. @param say what the person should read */
export async function readFolder(
  given: string,
  tagRules: readonly string[],
  say: (line: string) => void,
): Promise<ReadFolder> {
  const folder = resolve(given);
  const repositories = await discover(folder, say);
  const file = await readRehearseFile(folder);
  const names = repositories.map(({ name }) => name);
  refuseUnknownRepositories(file, names);
  const tagged = tagRules.length > 0 || Object.values(file.repositories).some(({ topics }) => topics.length > 0);
  return { ...chooseLogins(file, basename(folder)), control: controlName(names), repositories, file, tagged };
}

async function discover(folder: string, say: (line: string) => void): Promise<readonly Discovered[]> {
  const { repositories, skipped } = await discoverRepositories(folder).catch((error: unknown) => {
    throw new RehearseError(`The folder ${folder} cannot be read: ${error instanceof Error ? error.message : error}`);
  });
  for (const { path, reason } of skipped) say(`Left out ${path}: ${reason}.`);
  if (repositories.length > 0) return repositories;
  throw new RehearseError(`There is no git repository with a commit in ${folder}; give a folder that holds some.`);
}

async function readRehearseFile(folder: string): Promise<RehearseFile> {
  const text = await readFile(join(folder, rehearseFileName), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  try {
    return parseRehearseFile(text);
  } catch (error) {
    throw new RehearseError(error instanceof Error ? error.message : String(error));
  }
}
