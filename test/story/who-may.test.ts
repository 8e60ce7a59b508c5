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

describe('cancel, retry, pause and resume', () => {
  const workflow = bump('[{ tag: app }]', 'rollout: { canary: 2, approve: canary }').replace(
    'bash:',
    'bash: test ! -e broken &&',
  );
  const verbs = ['cancel', 'retry', 'pause', 'resume'];

  /** One repository failed, one has its pull request, and one waits for the next wave. */
  async function given(collaborators: Record<string, 'read' | 'triage'> = {}) {
    const world = await openWorld({
      users: ['lisa'],
      platform: { files: workflowFiles({ bump: workflow }), collaborators },
      repositories: [
        { name: 'a', topics: ['app'], files: { broken: '' } },
        { name: 'b', topics: ['app'], collaborators: { mona: 'write', lisa: 'write' } },
        { name: 'c', topics: ['app'] },
      ],
    });
    await world.comment('mona', '/fleet bump version=2.0');
    const stands = async () => {
      const { pausedAt, cancelRequestedAt, endedAt, gate } = await world.fleet();
      const tasks = (await world.tasks()).map(({ status, attempt }) => `${status} ${attempt}`);
      return { pausedAt, cancelRequestedAt, endedAt, gate, tasks };
    };
    return { world, stands, issue: (await world.trackingIssues())[0]?.number ?? 0 };
  }

  it.each(['read', 'triage'] as const)(
    'do nothing for somebody whose role is %s, wherever they say it',
    async (role) => {
      const { world, stands, issue } = await given({ lisa: role });
      const { id } = await world.fleet();
      const before = await stands();
      expect(before).toMatchObject({ gate: 'wave', tasks: ['failed 1', 'completed 1', 'queued 0'] });
      const told = [await world.answers(issue), await world.answers()];
      for (const verb of verbs) {
        for (const [text, at] of [
          [`/fleet ${verb}`, issue],
          [`/fleet ${verb} ${id}`, 1],
        ] as const) {
          // Within ten minutes the next one would be dropped at the door.
          world.clock.move(11 * 60_000);
          const comment = await world.comment('lisa', text, { issue: at });
          expect(await world.reactions(comment), text).toEqual(['confused']);
        }
      }
      expect(await stands()).toEqual(before);
      expect([await world.answers(issue), await world.answers()]).toEqual(told);
    },
  );

  it('do nothing for somebody who can write to a target alone, and says it on its pull request', async () => {
    const { world, stands } = await given();
    const number = (await world.tasks())[1]?.pullRequest?.number ?? 0;
    const before = await stands();
    for (const verb of verbs) {
      world.clock.move(11 * 60_000);
      const comment = await world.comment('lisa', `/fleet ${verb}`, { repository: 'b', issue: number });
      expect(await world.reactions(comment, 'b'), verb).toEqual(['confused']);
    }
    expect(await stands()).toEqual(before);
    expect(await world.answers(number, 'b')).toEqual([]);
  });

  it('leave a fleet paused, and an ended one as it is, until somebody who may says it', async () => {
    const { world, stands, issue } = await given({ lisa: 'triage' });
    await world.comment('mona', '/fleet pause', { issue });
    const paused = await stands();
    expect(paused.pausedAt).not.toBeNull();
    const comment = await world.comment('lisa', '/fleet resume', { issue });
    expect([await stands(), await world.reactions(comment)]).toEqual([paused, ['confused']]);
    await world.comment('mona', '/fleet resume', { issue });
    expect((await stands()).pausedAt).toBeNull();

    await world.comment('mona', '/fleet approve', { issue });
    const ended = await stands();
    expect(ended).toMatchObject({ gate: null, tasks: ['failed 1', 'completed 1', 'completed 1'] });
    world.clock.move(11 * 60_000);
    await world.comment('lisa', '/fleet retry', { issue });
    expect(await stands()).toEqual(ended);
    await world.comment('mona', '/fleet retry', { issue });
    expect((await stands()).tasks).toEqual(['failed 2', 'completed 1', 'completed 1']);
  });
});

describe('what a stranger and the public learn', () => {
  const settings = 'approvers: [alice-of-security]\nconfirm_ovr: 3\n';
  const rotate =
    'name: rotate\ndescription: Rotate the leaked key of Initech\nnodes:\n  - id: a\n    bsh: ./rotate initech\n';
  const secrets = (files: Record<string, string>) => ({ name: '.github', visibility: 'private' as const, files });

  it('a stranger gets one reaction and no text, though the settings are broken', async () => {
    const world = await openWorld({
      users: ['stranger'],
      platform: { visibility: 'public', files },
      repositories: [secrets({ '.github/fleet.yml': settings })],
    });
    for (const command of ['bump version=2.0', 'approve f-abcd2345', 'retry', 'list', 'cancel']) {
      const comment = await world.comment('stranger', `/fleet ${command}`);
      expect(await world.reactions(comment), command).toEqual(['confused']);
      // Within ten minutes the next one would be dropped at the door.
      world.clock.move(11 * 60_000);
    }
    expect(await world.answers()).toEqual([]);
  });

  it('a stranger who was just refused costs nothing more', async () => {
    const world = await openWorld({ users: ['stranger'], platform: { visibility: 'public', files } });
    await world.comment('stranger', '/fleet bump version=2.0');
    world.github.requests.clear();
    const comment = await world.comment('stranger', '/fleet bump version=2.0');
    expect(world.github.requests.count(({ actor }) => actor?.includes('flotilla') ?? false)).toBe(0);
    expect(await world.reactions(comment)).toEqual([]);
  });

  it('somebody of whom GitHub does not say whether they may write gets no text', async () => {
    const world = await openWorld({ platform: { files }, repositories: services('one') });
    const route = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';
    world.github.failures.next({ route, mode: 'before', times: 3 });
    const comment = await world.comment('mona', '/fleet bump version=2.0');
    expect(await world.fleets()).toEqual([]);
    expect(await world.reactions(comment)).toEqual(['confused']);
    expect(await world.answers()).toEqual([]);
    await world.comment('mona', '/fleet bump version=2.0');
    expect(await world.fleets()).toHaveLength(1);
  }, 20_000);

  it('of faults in a less visible repository the place alone is told', async () => {
    const world = await openWorld({
      platform: { visibility: 'public', files: { 'README.md': 'x\n' } },
      repositories: [secrets({ '.github/fleet/rotate.yml': rotate })],
    });
    await world.comment('mona', '/fleet rotate');
    const [answer] = await world.answers();
    expect(answer).toContain('acme/.github:.github/fleet/rotate.yml:5:');
    expect(answer).not.toMatch(/initech|bsh/i);
    await world.commit('mona', '.github', '.github/fleet/rotate.yml', rotate.replace('bsh', 'bash'), 'main');
    await world.comment('mona', '/fleet list');
    expect((await world.answers()).at(-1)).toContain('/fleet rotate');
    expect((await world.answers()).at(-1)).not.toContain('Initech');

    await world.commit('mona', '.github', '.github/fleet.yml', settings, 'main');
    await world.comment('mona', '/fleet rotate');
    expect((await world.answers()).at(-1)).toContain('acme/.github:.github/fleet.yml:2:1');
    expect((await world.answers()).at(-1)).not.toMatch(/alice|confirm_o/);
  });

  it('a verb on a pull request that more people can see is answered without a link, name or count', async () => {
    const world = await openWorld({
      platform: { files },
      repositories: [{ name: 'one', topics: ['app'], visibility: 'public' }],
    });
    await world.comment('mona', '/fleet bump version=2.0');
    await world.commit('mona', 'platform', '.github/fleet.yml', settings, 'main');
    const { id } = await world.fleet();
    for (const verb of ['status', 'cancel', 'approve']) {
      await world.comment('mona', `/fleet ${verb}`, { repository: 'one', issue: 1 });
      const answer = (await world.answers(1, 'one')).at(-1);
      expect(answer, verb).toContain(`\`${id}\``);
      expect(answer, verb).not.toMatch(/http|platform|alice|confirm|\d of \d|pull request|bump/);
    }
    expect(await world.answers(1, 'one')).toHaveLength(3);
  });

  it('a target that became less visible while the plan waited does not run', async () => {
    const world = await openWorld({
      platform: { visibility: 'public', files },
      repositories: ['one', 'two'].map((name) => ({ name, topics: ['app'], visibility: 'public' as const })),
    });
    await world.comment('mona', '/fleet bump version=2.0 --plan');
    const { state } = world.github.context;
    const one = state.repositories.find(({ name }) => name === 'one');
    state.repositories.update(one?.id ?? 0, { visibility: 'private' });
    await world.comment('mona', `/fleet approve ${(await world.fleet()).id}`);
    expect((await world.tasks()).map((task) => task.outcome ?? task.category)).toEqual(['permission', 'changed']);
    expect(await world.pulls('one')).toEqual([]);
  });
});

describe('approvers', () => {
  it('may approve without write permission where the settings list them; others get no text', async () => {
    const world = await openWorld({
      settings: 'approvers: [Alice]',
      platform: { files },
      repositories: services('one'),
      users: ['alice', 'lisa'],
    });
    await world.comment('mona', '/fleet bump version=2.0 --plan');
    const { id } = await world.fleet();
    const told = (await world.answers()).length;
    const strange = await world.comment('lisa', `/fleet approve ${id}`);
    expect(await world.reactions(strange)).toEqual(['confused']);
    expect(await world.answers()).toHaveLength(told);
    await world.comment('mona', `/fleet approve ${id}`);
    expect((await world.answers()).at(-1)).toContain('`approvers:`');
    await world.comment('alice', `/fleet approve ${id}`);
    expect((await world.fleet()).approvedBy).toMatchObject({ login: 'alice' });
    expect((await world.tasks()).map(({ outcome }) => outcome)).toEqual(['changed']);
  });

  it('may do so right after a command that they may not give, and a stranger who tries gets no second reaction', async () => {
    const world = await openWorld({
      settings: 'approvers: [Alice]',
      platform: { files },
      repositories: services('one'),
      users: ['alice', 'lisa'],
    });
    await world.comment('mona', '/fleet bump version=2.0 --plan');
    const { id } = await world.fleet();
    const answers = (await world.answers()).length;
    for (const [login, reactions] of [
      ['lisa', ['confused']],
      ['lisa', []],
      ['alice', ['confused']],
    ] as const) {
      const verb = login === 'lisa' ? 'approve' : 'status';
      const comment = await world.comment(login, `/fleet ${verb} ${id}`);
      expect(await world.reactions(comment)).toEqual(reactions);
    }
    expect(await world.answers()).toHaveLength(answers);
    await world.comment('alice', `/fleet approve ${id}`);
    expect((await world.fleet()).approvedBy).toMatchObject({ login: 'alice' });
  });

  it('somebody who may write to a target alone is no stranger there', async () => {
    const world = await openWorld({
      platform: { files },
      repositories: [{ name: 'one', topics: ['app'], collaborators: { mona: 'admin', paul: 'write' } }],
      users: ['paul'],
    });
    await world.comment('mona', '/fleet bump version=2.0');
    for (const round of [1, 2]) {
      const comment = await world.comment('paul', '/fleet status', { repository: 'one', issue: 1 });
      expect(await world.reactions(comment, 'one'), `comment ${round}`).toEqual(['confused']);
    }
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
    const gate = join(world.meeting, 'gate');
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
