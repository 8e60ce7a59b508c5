import { describe, expect, it } from 'vitest';
import { services, workflowFiles } from './workflows.ts';
import { openWorld, type World, type WorldOptions } from './world.ts';

const ask = (approval: string, after = '') => `
name: ask-first
services: [{ tag: app }]
parallel: true
nodes:
  - id: write
    bash: printf 'new\\n' > VERSION
  - id: gate
    approval: ${approval}
    depends_on: [write]
  - id: after
    bash: printf '%s' "$NODES_GATE_OUTPUT" > decided.txt
    depends_on: [gate]
${after}`;
const usual = '{ message: "May {{service}} ship, @octocat?" }';

/** A fleet over these repositories that waits at `gate`. */
async function waiting(
  names: readonly string[],
  { approval = usual, platform = {}, ...options }: WorldOptions & { approval?: string } = {},
): Promise<World> {
  const files = { ...workflowFiles({ 'ask-first': ask(approval) }), ...platform.files };
  const world = await openWorld({ ...options, platform: { ...platform, files }, repositories: services(...names) });
  await world.comment('mona', '/fleet ask-first');
  return world;
}

const states = async (world: World) => (await world.tasks()).map(({ status, outcome }) => outcome ?? status);
const lastAnswer = async (world: World, issue = 1) => (await world.answers(issue)).at(-1);
const issueNumber = async (world: World) => (await world.trackingIssues())[0]?.number ?? 0;
const openApprovals = async (world: World) =>
  (await world.store.read.approvals.ofFleet((await world.fleet()).id)).filter(({ answer }) => answer === null).length;

/** Time goes on until the tracking issue has told what happened. */
async function told(world: World): Promise<string> {
  world.clock.move(31_000);
  await world.settle();
  return (await world.issue(await issueNumber(world))).body ?? '';
}

describe('an approval', () => {
  it('is asked in the tracking issue, and what it says decides', async () => {
    const world = await waiting(['one', 'two']);
    expect(await states(world)).toEqual(['waiting', 'waiting']);
    const asked = await told(world);
    expect(asked).toContain('### Waiting for a decision (2)');
    expect(asked).toContain('> May acme/one ship, @\u200boctocat?');
    expect(asked).toContain('- `/fleet approve`');
    expect(asked).toContain('waiting for a decision: `gate`');

    const comment = await world.comment('mona', '/fleet approve', { issue: await issueNumber(world) });
    expect(await world.reactions(comment)).toEqual(['rocket']);
    expect((await world.answers(await issueNumber(world)))[0]).toMatch(
      /`gate` is decided as \*\*approve\*\* in 2 repositories .*: acme\/one, acme\/two\./,
    );
    expect(await states(world)).toEqual(['changed', 'changed']);
    expect(await world.file('one', 'decided.txt', 'fleet/ask-first')).toBe('approve');
    const body = await told(world);
    expect(body).toContain('### Decisions (2)');
    expect(body).not.toContain('### Waiting for a decision');
  });

  it('is decided for the repositories that a glob names, and the others wait on', async () => {
    const world = await waiting(['one', 'two']);
    await world.comment('mona', '/fleet approve on*');
    expect(await states(world)).toEqual(['changed', 'waiting']);
    await world.comment('mona', '/fleet approve nobody');
    expect(await lastAnswer(world)).toContain('This waits: `gate` in acme/two.');
    await world.comment('mona', `/fleet reject ${(await world.fleet()).id} acme/two text="not <b>now</b>"`);
    expect(await states(world)).toEqual(['changed', 'cancelled']);
    expect((await world.tasks())[1]?.reason).toContain('mona');
    expect(await world.pulls('two')).toEqual([]);
    expect(await told(world)).toContain('not &lt;b&gt;now&lt;/b&gt;');
  });

  it('with decisions of its own is decided by their names, and tells them', async () => {
    const world = await waiting(['one'], {
      approval: '{ message: Which?, decisions: [{ id: ship, label: Ship it }, { id: hold }], capture_response: true }',
    });
    expect(await told(world)).toContain('- `/fleet approve decision=ship`: Ship it');
    await world.comment('mona', '/fleet approve');
    expect(await lastAnswer(world)).toMatch(/`\/fleet approve f-\w+ decision=ship` \(Ship it\)/);
    expect(await states(world)).toEqual(['waiting']);
    await world.comment('mona', '/fleet approve decision=hold text="until Monday"');
    expect(await states(world)).toEqual(['changed']);
    const decided = await world.file('one', 'decided.txt', 'fleet/ask-first');
    expect(JSON.parse(decided ?? '')).toEqual({ decision: 'hold', text: 'until Monday' });
  });

  it('that nobody decides in time cannot be decided any more', async () => {
    const world = await waiting(['one']);
    world.clock.move(7 * 24 * 60 * 60_000 + 1);
    await world.settle();
    await world.comment('mona', '/fleet approve');
    expect((await states(world))[0]).toBe('timed_out');
    expect(await lastAnswer(world)).toContain('is over since');
    expect(await world.pulls('one')).toEqual([]);
  });

  it('is decided once: what comes later finds nothing that waits', async () => {
    const world = await waiting(['one']);
    await world.comment('mona', '/fleet approve');
    world.clock.move(1_000);
    await world.comment('mona', '/fleet reject');
    expect(await lastAnswer(world)).toContain('waits for a decision');
    expect(await states(world)).toEqual(['changed']);
  });

  it('has succeeded when the process died between the deed and the answer', async () => {
    const world = await waiting(['one']);
    const write = world.store.write.bind(world.store);
    let alive = true;
    world.store.write = (work) =>
      write((tx) => {
        const finish: typeof tx.deliveries.finish = async (...given) => {
          if (!alive) return tx.deliveries.finish(...given);
          alive = false;
          throw new Error('killed');
        };
        return work({ ...tx, deliveries: { ...tx.deliveries, finish } });
      });
    const comment = await world.comment('mona', '/fleet approve');
    world.clock.move(6_000);
    await world.settle();
    expect(await lastAnswer(world)).toContain('is decided as **approve**');
    expect(await world.reactions(comment)).toEqual(['rocket']);
    expect(await states(world)).toEqual(['changed']);
  });
});

describe('who may decide', () => {
  it('is who can write, and another one than the sender where the settings say so', async () => {
    const world = await waiting(['one'], {
      platform: { files: { '.github/fleet.yml': 'not_sender: true\n' }, collaborators: { hubot: 'write' } },
      users: ['hubot', 'lisa'],
    });
    const strange = await world.comment('lisa', `/fleet approve ${(await world.fleet()).id}`);
    expect(await world.reactions(strange)).toEqual(['confused']);
    await world.comment('mona', '/fleet approve');
    expect(await lastAnswer(world)).toContain('not_sender');
    expect(await openApprovals(world)).toBe(1);
    await world.comment('hubot', '/fleet approve');
    expect(await states(world)).toEqual(['changed']);
  });

  it('is whom `approvers:` names, also without write permission', async () => {
    const world = await waiting(['one'], {
      platform: { files: { '.github/fleet.yml': 'approvers: [lisa]\n' } },
      users: ['lisa'],
    });
    await world.comment('mona', '/fleet reject');
    expect(await lastAnswer(world)).toContain('`approvers:`');
    expect(await openApprovals(world)).toBe(1);
    await world.comment('lisa', '/fleet reject');
    expect(await states(world)).toEqual(['cancelled']);
  });
});

describe('a plan', () => {
  const planned = async (options: WorldOptions = {}) => {
    const files = { ...workflowFiles({ 'ask-first': ask(usual) }), ...options.platform?.files };
    const world = await openWorld({
      ...options,
      platform: { ...options.platform, files },
      repositories: services('one'),
    });
    await world.comment('mona', '/fleet plan ask-first');
    return world;
  };

  it('that is rejected runs nothing and says so, and rejecting it again finds nothing', async () => {
    const world = await planned();
    const comment = await world.comment('mona', '/fleet reject');
    expect(await world.reactions(comment)).toEqual(['rocket']);
    expect(await lastAnswer(world)).toContain('🛑 Rejected');
    expect(await world.tasks()).toMatchObject([{ status: 'cancelled', reason: 'mona rejected the plan.' }]);
    const issue = await world.issue(await issueNumber(world));
    expect(issue.state).toBe('closed');
    expect(issue.body).toMatch(/: \[mona\]\(\S+\) rejected the plan$/m);
    expect(issue.body).not.toContain('cancelled it');
    world.clock.move(1_000);
    await world.comment('mona', '/fleet reject');
    expect(await lastAnswer(world)).toContain('does not wait for approval');
  });

  it('is approved as a whole, and its nodes ask afterwards', async () => {
    const world = await planned();
    await world.comment('mona', '/fleet approve one');
    expect(await lastAnswer(world)).toContain('as a whole');
    expect((await world.fleet()).approvedAt).toBeNull();
    await world.comment('mona', '/fleet approve');
    expect(await states(world)).toEqual(['waiting']);
    world.clock.move(1_000);
    await world.comment('mona', '/fleet approve');
    expect(await states(world)).toEqual(['changed']);
  });

  it('is rejected by approvers alone', async () => {
    const world = await planned({
      platform: { files: { '.github/fleet.yml': 'approvers: [lisa]\n' } },
      users: ['lisa'],
    });
    await world.comment('mona', '/fleet reject');
    expect((await world.fleet()).endedAt).toBeNull();
    await world.comment('lisa', '/fleet reject');
    expect((await world.fleet()).endedAt).not.toBeNull();
  });
});

it('on a pull request that more people can see, the answer to a decision tells the id and no more', async () => {
  const world = await openWorld({
    settings: 'allow_more_visible_control_repository: true',
    platform: { files: workflowFiles({ 'ask-first': ask(usual) }), visibility: 'private' },
    repositories: [...services('one'), { name: 'open', topics: ['app'], visibility: 'public' }],
  });
  await world.comment('mona', '/fleet ask-first');
  await world.comment('mona', '/fleet approve open');
  await world.comment('mona', '/fleet approve', { repository: 'open', issue: 1 });
  const { id } = await world.fleet();
  expect((await world.answers(1, 'open')).at(-1)).toContain(`Done for fleet \`${id}\``);
  expect(await states(world)).toEqual(['changed', 'changed']);
});
