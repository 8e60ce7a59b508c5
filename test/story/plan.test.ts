import { describe, expect, it } from 'vitest';
import { dieBeforeTheAnswer } from './die-before-the-answer.ts';
import { bump, services, workflowFiles } from './workflows.ts';
import { openWorld } from './world.ts';

const files = workflowFiles({ bump: bump('[{ tag: app }]', 'parallel: true') });
const many = (count: number) => services(...Array.from({ length: count }, (_, index) => `service-${index}`));

describe('a plan', () => {
  it('of 30 targets waits for approval, from the default `confirm_over` on, and shows them', async () => {
    const world = await openWorld({ platform: { files }, repositories: many(30) });
    await world.comment('mona', '/fleet bump version=2.0');
    const fleet = await world.fleet();
    expect(fleet.approvedAt).toBeNull();
    expect((await world.tasks()).map(({ status }) => status)).toEqual(Array(30).fill('queued'));
    const [issue] = await world.trackingIssues();
    expect(issue?.body).toContain('acme/service-29');
    expect(issue?.body).toContain(`/fleet approve ${fleet.id}`);
    expect((await world.answers()).at(-1)).toContain('waits for approval');
    expect(world.github.requests.count('POST git-upload-pack')).toBe(0);
  });

  it('runs exactly as it was shown once it is approved', async () => {
    const world = await openWorld({
      settings: 'confirm_over: 2',
      platform: { files },
      repositories: [...many(3), { name: 'later', collaborators: { mona: 'admin' } }],
    });
    await world.comment('mona', '/fleet bump version=2.0');
    const [issue] = await world.trackingIssues();
    // Selected since: not part of the plan that was shown.
    await world.api('mona', 'PUT', '/repos/acme/later/topics', { names: ['app'] });
    await world.comment('mona', '/fleet approve', { issue: issue?.number ?? 0 });
    expect((await world.tasks()).map(({ outcome }) => outcome)).toEqual(['changed', 'changed', 'changed']);
    expect(await world.pulls('later')).toEqual([]);
  });

  it('that was asked for with --plan runs nothing until it is approved', async () => {
    const world = await openWorld({ platform: { files }, repositories: many(2) });
    await world.comment('mona', '/fleet plan bump version=2.0');
    expect((await world.tasks()).map(({ status }) => status)).toEqual(['queued', 'queued']);
    expect(await world.pulls('service-0')).toEqual([]);
    await world.comment('mona', `/fleet approve ${(await world.fleet()).id}`);
    expect((await world.tasks()).map(({ outcome }) => outcome)).toEqual(['changed', 'changed']);
  });

  it('asks for permissions again when it is approved', async () => {
    const world = await openWorld({ platform: { files }, repositories: many(2), users: ['lisa'] });
    await world.comment('mona', '/fleet bump version=2.0 --plan');
    world.demote('mona', 'service-0');
    await world.comment('mona', `/fleet approve ${(await world.fleet()).id}`);
    expect((await world.tasks()).map((task) => task.outcome ?? task.category)).toEqual(['permission', 'changed']);
    expect(await world.pulls('service-0')).toEqual([]);
  });

  it('can be approved for 24 hours and not longer', async () => {
    const world = await openWorld({ platform: { files }, repositories: many(1) });
    await world.comment('mona', '/fleet bump version=2.0 --plan');
    world.clock.move(24 * 60 * 60_000 + 1);
    await world.settle();
    const fleet = await world.fleet();
    expect(fleet.endedAt).not.toBeNull();
    await world.comment('mona', `/fleet approve ${fleet.id}`);
    expect((await world.answers()).at(-1)).toContain('does not wait for approval');
    expect(await world.pulls('service-0')).toEqual([]);
  });

  it('is approved only by people who may, and by another one where the settings say so', async () => {
    const world = await openWorld({
      platform: { files: { ...files, '.github/fleet.yml': 'not_sender: true\n' }, collaborators: { hubot: 'write' } },
      repositories: many(1),
      users: ['hubot', 'lisa'],
    });
    await world.comment('mona', '/fleet bump version=2.0 --plan');
    const { id } = await world.fleet();
    await world.comment('lisa', `/fleet approve ${id}`);
    await world.comment('mona', `/fleet approve ${id}`);
    expect((await world.fleet()).approvedAt).toBeNull();
    expect((await world.answers()).at(-1)).toContain('not_sender');
    await world.comment('hubot', `/fleet approve ${id}`);
    expect((await world.tasks()).map(({ outcome }) => outcome)).toEqual(['changed']);
  });
});

describe('a verb whose process dies between the deed and the answer', () => {
  it.each([
    ['approve', 'Approved'],
    ['cancel', 'is cancelled'],
  ])('%s has succeeded when it is taken up again', async (verb, told) => {
    const world = await openWorld({ platform: { files }, repositories: many(1) });
    await world.comment('mona', '/fleet bump version=2.0 --plan');
    dieBeforeTheAnswer(world);
    const comment = await world.comment('mona', `/fleet ${verb} ${(await world.fleet()).id}`);
    expect(await world.reactions(comment)).toEqual([]);
    world.clock.move(6_000);
    await world.settle();
    expect((await world.answers()).at(-1)).toContain(told);
    expect(await world.reactions(comment)).toEqual(['rocket']);
    await world.comment('mona', `/fleet ${verb} ${(await world.fleet()).id}`);
    expect((await world.answers()).at(-1)).toContain('not in a state for this');
  });
});

describe('a rerun', () => {
  it('lists what is no longer selected with its pull request, also after a plan in between was dropped', async () => {
    const world = await openWorld({ platform: { files }, repositories: many(2) });
    await world.comment('mona', '/fleet bump version=2.0');
    await world.comment('mona', '/fleet bump version=2.0 --plan');
    const first = (await world.fleets())[0]?.id;
    await world.comment('mona', `/fleet cancel ${(await world.fleet()).id}`);
    const { state } = world.github.context;
    const gone = state.repositories.find(({ name }) => name === 'service-1');
    state.repositories.update(gone?.id ?? 0, { topics: ['other'] });
    await world.comment('mona', '/fleet bump version=2.0');
    const { plan } = await world.fleet();
    expect(plan.targets.map(({ repository }) => repository)).toEqual(['acme/service-0']);
    expect(plan.leftOut).toMatchObject([{ repository: 'acme/service-1', reason: 'no_longer_selected' }]);
    expect(plan.leftOut[0]?.detail).toContain(`pull request #1 of fleet \`${first}\` is left alone`);
    expect((await world.trackingIssues()).at(-1)?.body).toContain('no longer selected');
    expect((await world.pulls('service-1')).map(({ state: is }) => is)).toEqual(['open']);
  });
});

describe('verbs', () => {
  it('tell at a cancel what is still finished, also where it waits for its turn at GitHub', async () => {
    const world = await openWorld({
      settings: 'content_budget: { per_minute: 3, per_hour: 500 }',
      platform: { files },
      repositories: many(4),
    });
    await world.comment('mona', '/fleet bump version=2.0');
    const open = (await world.tasks()).filter(({ endedAt }) => endedAt === null);
    expect(open.every(({ publishingAt }) => publishingAt !== null)).toBe(true);
    await world.comment('mona', '/fleet cancel');
    for (let minute = 0; minute < 12 && (await world.fleet()).endedAt === null; minute += 1) {
      world.clock.move(61_000);
      await world.settle();
    }
    const answer = (await world.answers()).find((text) => text.includes('is cancelled'));
    expect(open.length).toBeGreaterThan(1);
    expect(answer).toContain(`In ${open.length} repositories the push has begun`);
    expect((await world.tasks()).every(({ outcome }) => outcome === 'changed')).toBe(true);
  }, 30_000);

  it('status, list and help answer; on a pull request they mean its fleet, also where issues are disabled', async () => {
    const world = await openWorld({
      platform: { files },
      repositories: [...many(1), { name: 'service-1', topics: ['app'], has_issues: false }],
    });
    await world.comment('mona', '/fleet bump version=2.0');
    const { id } = await world.fleet();
    await world.comment('mona', '/fleet status');
    expect((await world.answers()).at(-1)).toContain(id);
    await world.comment('mona', '/fleet list');
    expect((await world.answers()).at(-1)).toContain('bump-shared-lib');
    await world.comment('mona', '/fleet help');
    expect((await world.answers()).at(-1)).toContain('--exclude');
    for (const repository of ['service-0', 'service-1']) {
      await world.comment('mona', '/fleet status', { repository, issue: 1 });
      expect((await world.answers(1, repository)).at(-1), repository).toContain(id);
    }
  });

  it('do not guess where several fleets were asked for and have not ended', async () => {
    const world = await openWorld({ platform: { files }, repositories: many(1) });
    await world.comment('mona', '/fleet plan bump version=2.0');
    await world.comment('mona', '/fleet plan bump version=3.0');
    await world.comment('mona', '/fleet approve');
    const fleets = await world.fleets();
    expect(fleets.map(({ approvedAt }) => approvedAt)).toEqual([null, null]);
    for (const { id } of fleets) expect((await world.answers()).at(-1)).toContain(id);
  });

  it("do not reach another control repository's fleet", async () => {
    const world = await openWorld({
      platform: { files },
      repositories: [...many(1), { name: 'other', collaborators: { lisa: 'write' }, issues: [{ title: 'Other' }] }],
      users: ['lisa'],
    });
    await world.comment('mona', '/fleet bump version=2.0 --plan');
    await world.comment('lisa', `/fleet cancel ${(await world.fleet()).id}`, { repository: 'other' });
    expect((await world.fleet()).cancelRequestedAt).toBeNull();
    expect((await world.answers(1, 'other')).at(-1)).toContain('no fleet');
  });
});
