import type { TaggedRepository } from '../../platform/github/tags/repository-tags.ts';
import { GitHubError } from '../../ports/github-reads.ts';
import { printTable } from '../table.ts';
import { type ChoiceFlags, chooseRepositories } from './choose-repositories.ts';
import { openTags } from './open-tags.ts';
import { readRefusal } from './refusal-text.ts';

export interface TagsFlags extends ChoiceFlags {
  json: boolean;
}

/** `fleet tags`. Exit status: 0; 1 when a repository could not be read, which is told on standard error. */
export async function runTags(names: readonly string[], flags: TagsFlags): Promise<number> {
  const tags = await openTags();
  const { repositories, archived } = await chooseRepositories(tags, names, flags, { all: true });
  const found: TaggedRepository[] = [];
  const failures: string[] = [];
  for (const { fullName, listed } of repositories) {
    try {
      found.push(listed ?? (await tags.repository(fullName)));
    } catch (error) {
      if (!(error instanceof GitHubError) || error.kind === 'limited' || error.status === 401) throw error;
      failures.push(readRefusal(error, fullName));
    }
  }
  print(found, flags);
  if (archived > 0) failures.push(`${archived} archived are left out.`);
  for (const line of failures) process.stderr.write(`${line}\n`);
  return found.length < repositories.length ? 1 : 0;
}

function print(found: readonly TaggedRepository[], { json }: TagsFlags): void {
  if (json) {
    const told = found.map(({ fullName, archived, topics, customProperties }) => ({
      repository: fullName,
      archived,
      topics,
      custom_properties: customProperties,
    }));
    process.stdout.write(`${JSON.stringify(told)}\n`);
    return;
  }
  printTable(found, [
    { title: 'repository', of: ({ fullName }) => fullName, whole: true },
    { title: 'topics', of: ({ topics }) => topics.join(', ') },
    { title: 'properties', of: propertiesText },
  ]);
}

function propertiesText({ customProperties }: TaggedRepository): string {
  return Object.entries(customProperties)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : value.join('|')}`)
    .join(', ');
}
