import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { readReposFile } from '../../core/repos-file.ts';
import { compileRepositoryGlob, repositoryGlobProblem } from '../../core/selection/repository-glob.ts';
import type { RepositoryTags, TaggedRepository } from '../../platform/github/tags/repository-tags.ts';
import { GitHubError } from '../../ports/github-reads.ts';
import { readRefusal } from './refusal-text.ts';
import { TagsError } from './tags-error.ts';

export interface ChoiceFlags {
  org?: string;
  match?: string;
  reposFile?: string;
}

export interface Chosen {
  fullName: string;
  /** What the organization's list says; null: it was named, and nothing was asked yet. */
  listed: TaggedRepository | null;
}

export interface Choice {
  repositories: Chosen[];
  /** Of the organization's list, as nothing runs in them and nothing can be changed. */
  archived: number;
}

const MAX_FAULTS_SHOWN = 20;

/** The repositories that are meant: by name, by a file, or an organization's. Throws TagsError and GitHubError. */
export async function chooseRepositories(
  tags: RepositoryTags,
  names: readonly string[],
  flags: ChoiceFlags,
  { all }: { all: boolean },
): Promise<Choice> {
  const { org, match, reposFile } = flags;
  const ways = [names.length > 0, match !== undefined, reposFile !== undefined].filter(Boolean).length;
  if (ways > 1) throw new TagsError('Name repositories, or give --match, or --repos-file: one of them.');
  if (reposFile !== undefined) return named(await fromFile(reposFile, org ?? null));
  if (names.length > 0)
    return named(fromText(names.join('\n'), { filename: '.txt', shown: 'repository ' }, org ?? null));
  if (match !== undefined && org === undefined) throw new TagsError('--match needs --org: whose repositories?');
  if (org === undefined || (match === undefined && !all)) {
    const ways = all ? '--org acme' : "--org acme --match 'service-*'";
    throw new TagsError(`Say which repositories: acme/service-api, ${ways}, or --repos-file <file>.`);
  }
  return ofOrganization(tags, org, match ?? '*');
}

async function ofOrganization(tags: RepositoryTags, org: string, match: string): Promise<Choice> {
  const problem = repositoryGlobProblem(match);
  if (problem !== undefined) throw new TagsError(`--match ${match}: ${problem}.`);
  if (!/^[\w-]+$/.test(org)) throw new TagsError(`--org ${org} is no organization's name.`);
  const listed = await tags.ofOrganization(org).catch((error: unknown) => {
    if (!(error instanceof GitHubError) || error.kind === 'limited') throw error;
    throw new TagsError(readRefusal(error, `The organization ${org}`));
  });
  const matches = compileRepositoryGlob(match);
  const found = listed.filter(({ fullName }) => matches({ fullName, name: fullName.split('/')[1] ?? '' }));
  const repositories = found
    .filter(({ archived }) => !archived)
    .map((one) => ({ fullName: one.fullName, listed: one }))
    .toSorted((a, b) => a.fullName.localeCompare(b.fullName, 'en'));
  return { repositories, archived: found.length - repositories.length };
}

const named = (names: readonly string[]): Choice => ({
  repositories: names.map((fullName) => ({ fullName, listed: null })),
  archived: 0,
});

async function fromFile(file: string, owner: string | null): Promise<string[]> {
  const text = await (file === '-' ? textOf(process.stdin) : readFile(file, 'utf8')).catch((error: unknown) => {
    throw new TagsError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  return fromText(text, { filename: file, shown: `${file}:` }, owner);
}

function fromText(text: string, of: { filename: string; shown: string }, owner: string | null): string[] {
  const read = readReposFile(text, of.filename, owner);
  if (read.ok) return read.repositories;
  const shown = read.faults
    .slice(0, MAX_FAULTS_SHOWN)
    .map(({ line, message, hint }) => `${of.shown}${line}: ${message} ${hint}`);
  const more = read.faults.length - shown.length;
  throw new TagsError([...shown, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'));
}
