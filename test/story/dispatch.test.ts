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

  it('by an unlisted bot starts nothing', async () => {
    const world = await openWorld({ platform: { files }, repositories: services('one') });
    await world.dispatch(payload);
    expect(await world.fleets()).toEqual([]);
    expect(await world.trackingIssues()).toEqual([]);
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

  it('that cannot be read opens an issue that says what is wrong', async () => {
    const world = await openWorld({ platform: { files }, repositories: services('one') });
    await world.dispatch({ workflow: 'bump', input: { version: '2.0' } }, 'mona');
    expect(await world.fleets()).toEqual([]);
    const [issue] = await world.trackingIssues();
    expect(issue?.title).toContain('dispatch');
    expect(issue?.body).toContain('inputs');
  });
});
