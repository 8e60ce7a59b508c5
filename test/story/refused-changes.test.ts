import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { services, workflowFiles } from './workflows.ts';
import { openWorld, type World, type WorldOptions } from './world.ts';

/** A change that no pull request may hold: its task fails before anything leaves the server, and what it says. */

/** Where there is a file \`bad\`, its commands make the change. */
const go = (more = '') => `
name: go
services: [{ tag: app }]
parallel: true
${more}
nodes:
  - id: change
    bash: if [ -e bad ]; then sh ./bad && rm bad; else printf '2.0\\n' > VERSION; fi
`;
const bad = (name: string, commands: string) => ({
  name,
  topics: ['app'],
  files: { VERSION: '1.0\n', ci: 'on: push\n', bad: commands },
});

type Settings = Pick<WorldOptions, 'settings' | 'permissions'>;

async function ran(commands: string, given: Settings & { more?: string; platform?: string } = {}): Promise<World> {
  const { more, platform, ...options } = given;
  const files = {
    ...workflowFiles({ go: go(more) }),
    ...(platform === undefined ? {} : { '.github/fleet.yml': platform }),
  };
  const repositories = [bad('a-bad', commands), ...services('good')];
  const world = await openWorld({ platform: { files }, repositories, ...options });
  await world.comment('mona', '/fleet go');
  return world;
}

/** Nothing of it is on GitHub, and nothing was sent there. */
async function expectNothing(world: World, repository: string): Promise<void> {
  const branches = await world.api('mona', 'GET', `/repos/acme/${repository}/branches`);
  expect(z.array(z.object({ name: z.string() })).parse(branches)).toEqual([{ name: 'main' }]);
  expect(await world.pulls(repository)).toEqual([]);
  const sent = ({ method, path }: { method: string; path: string }) =>
    method !== 'GET' && path.includes(`/acme/${repository}`) && !path.endsWith('upload-pack');
  expect(world.github.requests.all(sent).map(({ method, path }) => `${method} ${path}`)).toEqual([]);
}

describe('a change', () => {
  it.each([
    {
      what: 'of a workflow of GitHub Actions',
      commands: 'mkdir -p .github/workflows && mv ci .github/workflows/ci.yml',
      category: 'protected_path',
      reason: 'The change touches ".github/workflows/ci.yml".',
      remedy: 'Leave that path alone',
    },
    {
      what: 'below a path that the control repository protects',
      commands: 'mkdir -p infra/prod && echo x > infra/prod/main.tf',
      platform: 'protected_paths: ["infra/**"]\n',
      category: 'protected_path',
      reason: '"infra/prod/main.tf"',
      remedy: 'Leave that path alone',
    },
    {
      what: 'of more files than a pull request may have',
      commands: 'for i in $(seq 11); do echo x > "f$i"; done',
      settings: 'limits: { max_files: 10 }',
      category: 'too_large',
      reason: '12 files changed; at most 10 may.',
      remedy: 'Split the change',
    },
    {
      what: 'of more bytes than a pull request may have',
      commands: 'head -c 3000 /dev/zero > big',
      platform: 'limits: { max_bytes: 2000 }\n',
      category: 'too_large',
      reason: 'The changed files have 3000 bytes; at most 2000 may change.',
      remedy: 'Split the change',
    },
  ])('$what is refused with its reason, and the other repository is not stopped', async (given) => {
    const { commands, category, reason, remedy, ...options } = given;
    const world = await ran(commands, options);
    const [refused, other] = await world.tasks();
    expect(refused).toMatchObject({ status: 'failed', category, pullRequest: null });
    expect(refused?.reason).toContain(reason);
    expect(other).toMatchObject({ outcome: 'changed' });
    await expectNothing(world, 'a-bad');
    expect(await world.pulls('good')).toHaveLength(1);
    const issue = (await world.trackingIssues())[0];
    expect(issue?.state).toBe('open');
    expect(issue?.body).toContain(remedy);
  });

  it('of a workflow of GitHub Actions that the operator allows is refused by GitHub while the app may not', async () => {
    const world = await ran('mkdir -p .github/workflows && mv ci .github/workflows/ci.yml', {
      settings: 'allow_workflow_changes: true',
    });
    const [refused] = await world.tasks();
    expect(refused).toMatchObject({ status: 'failed', category: 'permission' });
    expect(refused?.reason).toContain('give the app the permission "Workflows: write"');
    expect(await world.pulls('a-bad')).toEqual([]);
    expect(await world.pulls('good'), 'pushed with what the app has').toHaveLength(1);
  });

  it('of a workflow of GitHub Actions that operator and organization allow is pushed', async () => {
    const world = await ran('mkdir -p .github/workflows && mv ci .github/workflows/ci.yml', {
      settings: 'allow_workflow_changes: true',
      permissions: { metadata: 'read', contents: 'write', issues: 'write', pull_requests: 'write', workflows: 'write' },
    });
    expect((await world.tasks()).map(({ outcome }) => outcome)).toEqual(['changed', 'changed']);
    expect(await world.file('a-bad', '.github/workflows/ci.yml', 'fleet/go')).toBe('on: push\n');
  });

  it('that is refused in the canary halts the fleet: nothing is begun, pushed or opened elsewhere', async () => {
    const more = 'rollout: { canary: 1, halt_on_failure: 1 }';
    const world = await ran('mkdir -p .github/workflows && mv ci .github/workflows/ci.yml', { more });
    expect((await world.tasks()).map(({ status, category }) => category ?? status)).toEqual([
      'protected_path',
      'queued',
    ]);
    await expectNothing(world, 'a-bad');
    await expectNothing(world, 'good');
    expect(world.github.requests.count('POST git-receive-pack')).toBe(0);
    expect(world.github.requests.count('POST /repos/{owner}/{repo}/pulls')).toBe(0);
    expect((await world.tasks())[1]).toMatchObject({ startedAt: null, workspace: null });
    expect((await world.trackingIssues())[0]?.body).toContain('**Halted:** 1 of 2 repositories failed');
    await world.comment('mona', '/fleet cancel');
    expect((await world.tasks()).map(({ status }) => status)).toEqual(['failed', 'cancelled']);
    await expectNothing(world, 'good');
  });
});
