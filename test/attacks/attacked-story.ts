import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { z } from 'zod';
import type { BoxLimits } from '../../src/ports/sandbox.ts';
import type { ConfiguredAgent } from '../../src/worker/context.ts';
import { boxedWith } from '../sandboxes.ts';
import { configuredAgent } from '../story/configured-agent.ts';
import { workflowFiles } from '../story/workflows.ts';
import { openWorld, type World } from '../story/world.ts';

export interface StoryOfAnAttack {
  /** Run by the workflow, in the clone; what it leaves in \`report\` is in the pull request. */
  commands?: string;
  /** Of the repository, besides `VERSION`. */
  files?: Readonly<Record<string, string>>;
  /** In place of the one node that runs the commands. */
  nodes?: string;
  /** Of the workflow. */
  more?: string;
  /** The operator's settings, YAML. */
  settings?: string;
  limits?: Partial<BoxLimits>;
  agents?: Readonly<Record<string, ConfiguredAgent>>;
}

/** A fleet over one hostile repository, in boxes, with all that the product does before and after. */
export async function attackedStory(story: StoryOfAnAttack): Promise<World> {
  const nodes = story.nodes ?? 'nodes: [{ id: attack, bash: . ./attack.sh }]';
  const go = `name: go\nservices: [{ tag: app }]\nbranch: fleet/go\n${story.more ?? ''}\n${nodes}\n`;
  const files = { VERSION: '1.0\n', ...story.files, 'attack.sh': story.commands ?? 'true' };
  const { settings, agents, limits = {} } = story;
  const world = await openWorld({
    platform: { files: workflowFiles({ go }) },
    repositories: [{ name: 'victim', topics: ['app'], files }],
    sandbox: boxedWith(limits),
    ...(settings === undefined ? {} : { settings }),
    ...(agents === undefined ? {} : { agents }),
  });
  await world.comment('mona', '/fleet go');
  return world;
}

/** What the attack found, as it stands in the pull request. */
export const reportOf = async (world: World): Promise<string> =>
  (await world.file('victim', 'report', 'fleet/go')) ?? '';

/** The task failed so, and nothing of it is on GitHub. */
export async function expectRefused(world: World, category: string, reason: RegExp): Promise<void> {
  const [task] = await world.tasks();
  expect(task).toMatchObject({ status: 'failed', category, pullRequest: null });
  expect(task?.reason).toMatch(reason);
  const branches = await world.api('mona', 'GET', '/repos/acme/victim/branches');
  expect(z.array(z.object({ name: z.string() })).parse(branches)).toEqual([{ name: 'main' }]);
  expect(await world.pulls('victim')).toEqual([]);
}

/** Says what no attack may know: the app's key, its webhook secret, and any token of GitHub. */
export function expectNoSecretIn(world: World, text: string): void {
  const key = readFileSync(join(world.folder, 'key.pem'), 'utf8').split('\n')[1] ?? 'no key';
  expect(text).not.toContain(key);
  expect(text).not.toContain('a secret of this test alone');
  for (const token of Object.values(world.tokens)) expect(text).not.toContain(token);
  expect(text).not.toMatch(/\bgh[a-z]_[A-Za-z0-9_]{10,}|x-access-token/);
}

const AGENT = fileURLToPath(new URL('./hostile-agent.ts', import.meta.url));

/** The agent that attacks, which finds its program in its box alone. */
export const hostileAgent = (behaviour: string): Pick<StoryOfAnAttack, 'agents' | 'settings'> => ({
  agents: { hostile: configuredAgent({ command: 'node', args: [AGENT, behaviour], read: [AGENT] }) },
  settings: 'agents: { hostile: { command: node } }\ndefault_agent: hostile\n',
});
