import { describe, expect, it } from 'vitest';
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
