import type { Repository } from '../plan.ts';
import type { ServiceEntry } from '../workflow/types.ts';
import { compileTag } from './match-tag.ts';
import { compileRepositoryGlob } from './repository-glob.ts';

export type Matcher = (repository: Repository) => boolean;

/**
 * A test for one entry of `services:`: its keys are AND, the tags all, the names and globs any; whatever `not` matches
 * is out. An entry with neither tag, name nor glob matches nothing.
 */
export function compileEntry(entry: ServiceEntry, ownerLogin: string): Matcher {
  const wanted = [
    ...entry.tag.map(compileTag),
    ...(entry.names.length > 0 ? [compileNames(entry.names, ownerLogin)] : []),
    ...(entry.match.length > 0 ? [anyOf(entry.match.map(compileRepositoryGlob))] : []),
  ];
  if (wanted.length === 0) return () => false;
  const unwanted = anyOf([
    ...entry.not.tag.map(compileTag),
    compileNames(entry.not.names, ownerLogin),
    ...entry.not.match.map(compileRepositoryGlob),
  ]);
  return (repository) => wanted.every((matches) => matches(repository)) && !unwanted(repository);
}

/** A test for names; one without a slash means the owner's. */
export function compileNames(names: readonly string[], ownerLogin: string): Matcher {
  const full = new Set(names.map((name) => fullNameOf(name, ownerLogin).toLowerCase()));
  return ({ fullName }) => full.has(fullName.toLowerCase());
}

export function fullNameOf(name: string, ownerLogin: string): string {
  const trimmed = name.trim();
  return trimmed.includes('/') ? trimmed : `${ownerLogin}/${trimmed}`;
}

export function anyOf(matchers: readonly Matcher[]): Matcher {
  return (repository) => matchers.some((matches) => matches(repository));
}
