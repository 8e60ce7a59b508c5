import type { Repository } from '../core/plan.ts';
import { foreignRepository, runGit } from '../local-github/git/run-git.ts';
import type { GitHubReads, Permission } from '../ports/github-reads.ts';
import type { Discovered } from './discover-repositories.ts';
import type { ReadFolder } from './read-folder.ts';
import { factsOf } from './rehearse-file.ts';
import { topicsByRules } from './tag-rules.ts';

/** What a folder of git repositories answers when it is asked as GitHub is, with the control repository that it would get. */
export interface FolderReads {
  reads: GitHubReads;
  control: Repository;
}

export async function folderReads(folder: ReadFolder, tagRules: readonly string[]): Promise<FolderReads> {
  const found: Repository[] = [];
  for (const [index, discovered] of folder.repositories.entries()) {
    found.push(await repositoryOf(folder, discovered, index + 1, tagRules));
  }
  const controlFacts = {
    topics: [],
    customProperties: {},
    archived: false,
    fork: false,
    visibility: 'private',
  } as const;
  const control = repository(folder, folder.control, found.length + 1, 'main', controlFacts);
  const all = [...found, control];
  const permissionOf = ({ id, name }: Repository): Permission =>
    id === control.id ? 'admin' : factsOf(folder.file, name).permission;
  const byName = async (fullName: string) => all.find((one) => one.fullName.toLowerCase() === fullName.toLowerCase());
  const reads: GitHubReads = {
    repositories: async () => all,
    repository: byName,
    taskFacts: async () => ({}),
    permission: async (fullName) => {
      const known = await byName(fullName);
      return known === undefined ? 'none' : permissionOf(known);
    },
    targetFacts: async (targets) =>
      new Map(targets.map((one) => [one.id, { permission: permissionOf(one), empty: false }])),
    head: async () => undefined,
    file: async () => undefined,
    directory: async () => [],
    person: async () => undefined,
  };
  return { reads, control };
}

async function repositoryOf(
  folder: ReadFolder,
  { name, path }: Discovered,
  id: number,
  tagRules: readonly string[],
): Promise<Repository> {
  const known = factsOf(folder.file, name);
  const topics = [...new Set([...known.topics, ...topicsByRules(tagRules, name)])];
  const { archived, fork, visibility, custom_properties: customProperties } = known;
  const facts = { topics, customProperties, archived, fork, visibility };
  return repository(folder, name, id, await currentBranch(path), facts);
}

function repository(
  { organization }: ReadFolder,
  name: string,
  id: number,
  defaultBranch: string,
  facts: Pick<Repository, 'topics' | 'customProperties' | 'archived' | 'fork' | 'visibility'>,
): Repository {
  const names = { fullName: `${organization}/${name}`, ownerLogin: organization, name };
  return { id, ...names, disabled: false, hasIssues: true, defaultBranch, ...facts };
}

/** What a rehearsal makes the default branch. */
async function currentBranch(path: string): Promise<string> {
  const args = ['-C', path, 'symbolic-ref', '--quiet', '--short', 'HEAD'];
  const { code, stdout } = await runGit(null, args, { env: foreignRepository, accept: [1] });
  return code === 0 ? stdout.toString().trim() : 'main';
}
