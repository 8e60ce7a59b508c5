import { parseDocument } from 'yaml';
import { z } from 'zod';
import { nearest } from '../core/nearest.ts';
import { RehearseError } from './options.ts';

const permission = z.enum(['admin', 'maintain', 'write', 'triage', 'read', 'none']);

const repositoryFacts = z.strictObject({
  topics: z.array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,49}$/, 'a topic is a-z, 0-9 and -, at most 50')).default([]),
  custom_properties: z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({}),
  archived: z.boolean().default(false),
  fork: z.boolean().default(false),
  visibility: z.enum(['public', 'internal', 'private']).default('private'),
  /** What the sender may do there. */
  permission: permission.default('write'),
});

const rehearseFile = z.strictObject({
  /** Login of the organization; absent: the folder's name. */
  organization: z
    .string()
    .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?$/, 'a login is letters, digits and single dashes')
    .optional(),
  /** Login of the person who comments. */
  sender: z
    .string()
    .regex(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?$/, 'a login is letters, digits and single dashes')
    .optional(),
  /** By the repository's folder name; what is not listed has the defaults. */
  repositories: z.record(z.string(), repositoryFacts).default({}),
});

/** `<folder>/.fleet-rehearse.yml`: what a folder of git repositories cannot say about its organization. */
export type RehearseFile = z.output<typeof rehearseFile>;

/** What a repository is when the file does not list it. */
export type RepositoryFacts = z.output<typeof repositoryFacts>;

export const rehearseFileName = '.fleet-rehearse.yml';

/** The facts of one repository, with the defaults for one that the file does not list. */
export function factsOf(file: RehearseFile, repository: string): RepositoryFacts {
  return file.repositories[repository] ?? repositoryFacts.parse({});
}

/** What is said of a repository that is not there would be lost. Throws RehearseError that names each, and the nearest. */
export function refuseUnknownRepositories(file: RehearseFile, found: readonly string[]): void {
  const faults = Object.keys(file.repositories)
    .filter((name) => !found.includes(name))
    .map((name) => {
      const guess = nearest(name, found);
      return `  repositories.${name}: ${guess === undefined ? `there are ${found.slice(0, 10).join(', ')}${found.length > 10 ? ' and others' : ''}` : `did you mean ${guess}?`}`;
    });
  if (faults.length === 0) return;
  throw new RehearseError(`${rehearseFileName} names repositories that are not in the folder:\n${faults.join('\n')}`);
}

/**
 * @param text the file's content; empty means all defaults.
 * @throws Error that names every fault with its place in the file.
 */
export function parseRehearseFile(text: string): RehearseFile {
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    throw new Error(`${rehearseFileName}: ${document.errors.map((error) => error.message.trim()).join('\n')}`);
  }
  const result = rehearseFile.safeParse(document.toJS() ?? {});
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `  ${issue.path.join('.') || 'the file'}: ${issue.message}`);
  throw new Error(`${rehearseFileName} is not what it should be:\n${faults.join('\n')}`);
}
