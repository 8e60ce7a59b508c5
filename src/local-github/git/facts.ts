import { realpathSync } from 'node:fs';
import { join } from 'node:path';

const fullSha = /^[0-9a-f]{40}$/;

export type FindFact<T> = (gitDirectory: string, shas: readonly string[], find: () => Promise<T>) => Promise<T>;

/**
 * Remembers what git said about objects, which never change; every question to git is a process. Branch names and
 * short shas are asked again each time. Failures are forgotten, and so is what `keep` says no to. Repositories whose
 * `objects` are one folder, as those of a fork network can be, share what is known.
 * @param most facts, of which the one unused for the longest goes first
 */
export function rememberFacts<T>(most: number, keep: (fact: T) => boolean = () => true): FindFact<T> {
  const facts = new Map<string, Promise<T>>();
  return (gitDirectory, shas, find) => {
    if (!shas.every((sha) => fullSha.test(sha))) return find();
    const key = [objectsOf(gitDirectory), ...shas].join('\0');
    const fact = facts.get(key) ?? find();
    facts.delete(key);
    facts.set(key, fact);
    for (const [oldest] of facts) {
      if (facts.size <= most) break;
      facts.delete(oldest);
    }
    const forget = (): void => {
      if (facts.get(key) === fact) facts.delete(key);
    };
    fact.then((found) => {
      if (!keep(found)) forget();
    }, forget);
    return fact;
  };
}

function objectsOf(gitDirectory: string): string {
  try {
    return realpathSync.native(join(gitDirectory, 'objects'));
  } catch {
    // git says better what is wrong with it.
    return gitDirectory;
  }
}
