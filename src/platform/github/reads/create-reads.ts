import type { GitHubReads } from '../../../ports/github-reads.ts';
import type { InstallationClient } from '../client.ts';
import type { Pace } from '../pace.ts';
import { readDirectory, readFile } from './files.ts';
import { readHead } from './head.ts';
import { readPermission } from './permission.ts';
import { readPerson } from './person.ts';
import type { RepositoryList, RepositoryMemory } from './repositories.ts';
import { readTargetFacts } from './target-facts.ts';
import { readTaskFacts } from './task-facts.ts';

/** One installation's reads. The list and the memory outlive them, because they remember ETags, and so does the pace. */
export function createReads(
  client: InstallationClient,
  { list, memory, pace }: { list: RepositoryList; memory: RepositoryMemory; pace: Pace },
): GitHubReads {
  const { octokit } = client;
  return {
    repositories: () => list.read(),
    repository: (fullName) => memory.read(octokit, fullName),
    permission: (fullName, person) => readPermission(octokit, fullName, person),
    targetFacts: (repositories, person) => readTargetFacts({ ...client, pace }, repositories, person),
    taskFacts: (of) => readTaskFacts(client, of),
    head: (fullName) => readHead(octokit, fullName),
    file: (fullName, path, commit) => readFile(octokit, fullName, path, commit),
    directory: (fullName, path) => readDirectory(octokit, fullName, path),
    person: (login) => readPerson(octokit, login),
  };
}
