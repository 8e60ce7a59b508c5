import { describe, expect, it } from 'vitest';
import { bump, services, workflowFiles } from './workflows.ts';
import { openWorld } from './world.ts';

const files = workflowFiles({ bump: bump('[{ tag: app }]', 'parallel: true') });
const payload = { workflow: 'bump', inputs: { version: '2.0' } };
const dispatchers = (more = '') => `
dispatchers:
  - login: flotilla[bot]
    repository: acme/platform
    workflows: [bump]
    run_as: mona
    ${more}
`;

describe('a repository_dispatch', () => {
  it('starts the same fleet as a comment when a person with permission sends it', async () => {
    const world = await openWorld({ platform: { files }, repositories: services('one', 'two') });
    await world.dispatch(payload, 'mona');
    expect(await world.fleet()).toMatchObject({ door: 'dispatch', sender: { login: 'mona' } });
    expect((await world.tasks()).map(({ outcome }) => outcome)).toEqual(['changed', 'changed']);
    expect(await world.trackingIssues()).toHaveLength(1);
  });

  it('by an unlisted bot starts nothing; one issue a day says why and what to do', async () => {
    const world = await openWorld({ platform: { files }, repositories: services('one') });
    await world.dispatch(payload);
    await world.dispatch(payload);
    expect(await world.fleets()).toEqual([]);
    const issues = await world.trackingIssues();
    expect(issues).toHaveLength(1);
    expect(issues[0]?.body).toContain('`flotilla[bot]` is not a dispatcher for `bump`');
    expect(issues[0]?.body).toContain('`run_as`');
    world.clock.move(24 * 60 * 60_000);
    await world.dispatch(payload);
    expect(await world.trackingIssues()).toHaveLength(2);
  });

  it('by a listed bot that cannot be carried out is told in an issue for each reason', async () => {
    const world = await openWorld({ settings: dispatchers(), platform: { files }, repositories: services('one') });
    await world.dispatch({ workflow: 'bump', input: { version: '2.0' } });
    await world.dispatch({ workflow: 'bmp', inputs: { version: '2.0' } });
    expect(await world.fleets()).toEqual([]);
    const [unreadable, unlisted, ...more] = await world.trackingIssues();
    expect(unreadable?.body).toContain('inputs');
    expect(unlisted?.body).toContain('`bmp`');
    expect(more).toEqual([]);
  });

  it('by a bot whose person cannot write to the control repository says so', async () => {
    const world = await openWorld({
      settings: dispatchers().replace('mona', 'lisa'),
      users: ['lisa'],
      platform: { files },
      repositories: services('one'),
    });
    await world.dispatch(payload);
    expect(await world.fleets()).toEqual([]);
    expect((await world.trackingIssues())[0]?.body).toContain('`run_as: lisa`');
  });

  it('of what is under way opens no further issue', async () => {
    const world = await openWorld({
      settings: 'confirm_over: 0',
      platform: { files },
      repositories: services('one'),
    });
    for (let times = 0; times < 3; times += 1) await world.dispatch(payload, 'mona');
    expect(await world.fleets()).toHaveLength(1);
    expect(await world.trackingIssues()).toHaveLength(1);
  });

  it("by a listed bot runs with its person's permissions", async () => {
    const world = await openWorld({
      settings: dispatchers(),
      platform: { files },
      repositories: [...services('one'), { name: 'two', topics: ['app'], collaborators: { mona: 'read' } }],
    });
    await world.dispatch(payload);
    const fleet = await world.fleet();
    expect(fleet).toMatchObject({ sender: { login: 'flotilla[bot]' }, runAs: { login: 'mona' } });
    expect(fleet.plan.targets.map(({ repository }) => repository)).toEqual(['acme/one']);
    expect(fleet.plan.leftOut).toMatchObject([{ repository: 'acme/two', reason: 'no_permission' }]);
  });

  it('by a listed bot reaches nothing outside of its bound, and no other workflow', async () => {
    const world = await openWorld({
      settings: dispatchers('within: { tag: mine }'),
      platform: { files },
      repositories: [{ name: 'one', topics: ['app', 'mine'] }, ...services('two')],
    });
    await world.dispatch(payload);
    expect((await world.fleet()).plan.targets.map(({ repository }) => repository)).toEqual(['acme/one']);
    await world.dispatch({ workflow: 'bump-shared-lib', inputs: { version: '2.0' } });
    expect(await world.fleets()).toHaveLength(1);
  });

  it('with one idempotency key starts one fleet, also after the first has ended', async () => {
    const world = await openWorld({ platform: { files }, repositories: services('one') });
    await world.dispatch({ ...payload, idempotency_key: 'release-2.0' }, 'mona');
    await world.dispatch({ ...payload, idempotency_key: 'release-2.0' }, 'mona');
    expect(await world.fleets()).toHaveLength(1);
  });

  it('with the idempotency key of another workflow or other inputs is refused', async () => {
    const lint = bump('[{ tag: app }]').replace('name: bump', 'name: lint');
    const both = workflowFiles({ bump: bump('[{ tag: app }]'), lint });
    const world = await openWorld({ platform: { files: both }, repositories: services('one') });
    await world.dispatch({ ...payload, idempotency_key: 'release' }, 'mona');
    const { id } = await world.fleet();
    await world.dispatch({ ...payload, workflow: 'lint', idempotency_key: 'release' }, 'mona');
    await world.dispatch({ ...payload, inputs: { version: '3.0' }, idempotency_key: 'release' }, 'mona');
    expect(await world.fleets()).toHaveLength(1);
    const [, refused, ...more] = await world.trackingIssues();
    expect(refused?.body).toContain(`\`release\` has started \`${id}\` (\`bump\`)`);
    expect(more).toEqual([]);
  });

  it('with one idempotency key finds its fleet though the workflow is gone since', async () => {
    const world = await openWorld({ platform: { files }, repositories: services('one') });
    await world.dispatch({ ...payload, idempotency_key: 'release' }, 'mona');
    await world.commit('mona', 'platform', '.github/fleet/bump.yml', 'nodes: []\n', 'main');
    await world.dispatch({ ...payload, idempotency_key: 'release' }, 'mona');
    expect(await world.trackingIssues()).toHaveLength(1);
  });

  it('that cannot be read opens an issue that says what is wrong', async () => {
    const world = await openWorld({ platform: { files }, repositories: services('one') });
    await world.dispatch({ workflow: 'bump', input: { version: '2.0' } }, 'mona');
    expect(await world.fleets()).toEqual([]);
    const [issue] = await world.trackingIssues();
    expect(issue?.title).toContain('dispatch');
    expect(issue?.body).toContain('inputs');
  });
});
