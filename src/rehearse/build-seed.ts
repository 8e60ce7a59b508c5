import type { Seed } from '../local-github/seed/seed.ts';
import type { Discovered } from './discover-repositories.ts';
import { factsOf, type RehearseFile } from './rehearse-file.ts';
import { topicsByRules } from './tag-rules.ts';

export interface SeedFacts {
  organization: string;
  sender: string;
  control: string;
  repositories: readonly Discovered[];
  file: RehearseFile;
  tagRules: readonly string[];
  workflow: { name: string; text: string | null };
  /** What the workflow names beside it: path below its folder → text. */
  beside: Readonly<Record<string, string>>;
  app: { webhookUrl: string };
}

/** Of the generated control repository: one that no repository of the folder has; names ignore case. */
export function controlName(names: readonly string[]): string {
  const taken = new Set(names.map((name) => name.toLowerCase()));
  let name = 'platform';
  while (taken.has(name)) name = `fleet-${name}`;
  return name;
}

/** An organization made of the folder's repositories, with a generated control repository. */
export function buildSeed(facts: SeedFacts): Seed {
  const { name, text } = facts.workflow;
  const inFolder = text === null ? facts.beside : { ...facts.beside, [`${name}.yml`]: text };
  const workflowFiles = Object.fromEntries(
    Object.entries(inFolder).map(([path, content]) => [`.github/fleet/${path}`, content]),
  );
  return {
    app: { id: 1, slug: 'flotilla', webhook_url: facts.app.webhookUrl },
    users: [{ login: facts.sender }],
    organizations: [
      {
        login: facts.organization,
        members: [facts.sender],
        repositories: [
          {
            name: facts.control,
            collaborators: { [facts.sender]: 'admin' },
            files: { 'README.md': CONTROL_README, ...workflowFiles },
            issues: [{ title: 'Maintenance', body: 'Commands to the fleet are given here.', user: facts.sender }],
          },
          ...facts.repositories.map((repository) => seedRepository(repository, facts)),
        ],
      },
    ],
  };
}

function seedRepository({ name, path }: Discovered, facts: SeedFacts) {
  const known = factsOf(facts.file, name);
  return {
    name,
    from: path,
    visibility: known.visibility,
    topics: [...new Set([...known.topics, ...topicsByRules(facts.tagRules, name)])],
    custom_properties: known.custom_properties,
    archived: known.archived,
    fork: known.fork,
    collaborators: known.permission === 'none' ? {} : { [facts.sender]: known.permission },
  };
}

const CONTROL_README = `# Control repository

Commands to the fleet are comments on the issues of this repository; every fleet keeps its tracking issue here.
`;
