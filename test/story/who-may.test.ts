import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { bump, services, workflowFiles } from './workflows.ts';
import { openWorld } from './world.ts';

const files = workflowFiles({ bump: bump('[{ tag: app }]', 'parallel: true') });

describe('who may', () => {
  it('answers somebody without write permission with one reaction and no text', async () => {
    const world = await openWorld({ platform: { files }, repositories: services('one'), users: ['lisa'] });
    const comment = await world.comment('lisa', '/fleet bump version=2.0');
    expect(await world.fleets()).toEqual([]);
    expect(await world.reactions(comment)).toEqual(['confused']);
    expect(await world.answers()).toEqual([]);
  });

  it('leaves out a target to which the sender could not push', async () => {
    const world = await openWorld({
      platform: { files },
      repositories: [...services('one'), { name: 'two', topics: ['app'], collaborators: { mona: 'read' } }],
    });
    await world.comment('mona', '/fleet bump version=2.0');
    const { plan } = await world.fleet();
    expect(plan.targets.map(({ repository }) => repository)).toEqual(['acme/one']);
    expect(plan.leftOut).toMatchObject([{ repository: 'acme/two', reason: 'no_permission' }]);
    expect(await world.pulls('two')).toEqual([]);
  });

  it("does not take a login that is another's prefix for the other", async () => {
    const world = await openWorld({
      platform: { files, collaborators: { mon: 'write' } },
      users: ['mon', 'monalisa'],
      repositories: [
        { name: 'one', topics: ['app'], collaborators: { monalisa: 'admin' } },
        { name: 'two', topics: ['app'], collaborators: { mon: 'write' } },
      ],
    });
    await world.comment('mon', '/fleet bump version=2.0');
    expect((await world.fleet()).plan.targets.map(({ repository }) => repository)).toEqual(['acme/two']);
    expect(await world.pulls('one')).toEqual([]);
  });

  it('refuses a public control repository for a private target, without naming it', async () => {
    const world = await openWorld({
      platform: { files, visibility: 'public' },
      repositories: services('secret-service'),
    });
    const comment = await world.comment('mona', '/fleet bump version=2.0');
    expect(await world.fleets()).toEqual([]);
    const [answer] = await world.answers();
    expect(answer).toContain('more visible');
    expect(answer).not.toContain('secret-service');
    expect(await world.reactions(comment)).toContain('confused');
  });

  it('lets only a listed control repository give commands', async () => {
    const world = await openWorld({
      settings: 'control_repositories: ["acme/ops"]',
      platform: { files },
      repositories: services('one'),
    });
    await world.comment('mona', '/fleet bump version=2.0');
    expect(await world.fleets()).toEqual([]);
    expect((await world.answers())[0]).toContain('control_repositories');
  });
});

describe('a permission that was lost since', () => {
  it('is asked for again before a push when the answer is older than an hour', async () => {
    const wait = `
name: wait
inputs: { gate: { required: true, pattern: '^/[\\w./-]+$' } }
services: [{ tag: app }]
nodes:
  - id: wait
    bash: until [ -e "$INPUTS_GATE" ]; do sleep 0.05; done; echo done > DONE
`;
    const world = await openWorld({ platform: { files: workflowFiles({ wait }) }, repositories: services('one') });
    const gate = join(world.folder, 'gate');
    await world.say('mona', `/fleet wait gate=${gate}`);
    const settled = world.settle();
    await vi.waitUntil(async () => (await world.store.read.tasks.running()).length === 1, { timeout: 10_000 });
    world.demote('mona', 'one');
    world.clock.move(60 * 60_000 + 1);
    writeFileSync(gate, '');
    await settled;
    expect(await world.tasks()).toMatchObject([{ status: 'failed', category: 'permission' }]);
    expect(await world.pulls('one')).toEqual([]);
  });
});
