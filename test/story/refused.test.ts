import { describe, expect, it } from 'vitest';
import { bump, services, workflowFiles } from './workflows.ts';
import { openWorld } from './world.ts';

describe('a command that cannot be carried out', () => {
  it('names an unknown workflow, and the nearest one', async () => {
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: bump('[{ tag: app }]') }) },
      repositories: services('one'),
    });
    const comment = await world.comment('mona', '/fleet bumb version=2.0');
    const [answer] = await world.answers();
    expect(answer).toContain('`bumb`');
    expect(answer).toContain('`bump`');
    expect((await world.reactions(comment)).sort()).toEqual(['confused', 'eyes']);
    await world.comment('mona', '/fleet aprove');
    expect((await world.answers()).at(-1)).toContain('Did you mean `approve`?');
  });

  it('tells line and column of broken YAML, with what stands there', async () => {
    const broken = 'name: broken\nnodes:\n  - id: a\n    bash: "echo\n';
    const world = await openWorld({ platform: { files: workflowFiles({ broken }) }, repositories: services('one') });
    await world.comment('mona', '/fleet broken');
    const [answer] = await world.answers();
    expect(answer).toMatch(/acme\/platform:\.github\/fleet\/broken\.yml:[45]:\d+/);
    expect(answer).toContain('echo');
    expect(await world.fleets()).toEqual([]);
  });

  it('tells every fault of a workflow at once', async () => {
    const faulty =
      'name: faulty\nnodes:\n  - id: a\n    bash: echo {{version}}\n  - id: b\n    bsh: ls\n    depends_on: [c]\n';
    const world = await openWorld({ platform: { files: workflowFiles({ faulty }) }, repositories: services('one') });
    await world.comment('mona', '/fleet faulty');
    const [answer] = await world.answers();
    expect(answer).toContain('INPUTS_VERSION');
    expect(answer).toContain('faulty.yml:6');
    expect(answer).toContain('faulty.yml:7');
  });

  it('says that a tag matches nothing, and which', async () => {
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: bump('[{ tag: "team:none" }]') }) },
      repositories: services('one'),
    });
    await world.comment('mona', '/fleet bump version=2.0');
    const [answer] = await world.answers();
    expect(answer).toContain('team:none');
    expect(await world.fleets()).toEqual([]);
  });

  it('says which inputs do not fit', async () => {
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: bump('[{ tag: app }]') }) },
      repositories: services('one'),
    });
    await world.comment('mona', '/fleet bump verison=2.0');
    const [answer] = await world.answers();
    expect(answer).toContain('`verison`');
    expect(answer).toContain('version');
  });

  it('names left-out repositories when nothing is left to run in', async () => {
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: bump('[{ tag: app }]') }) },
      repositories: [{ name: 'one', topics: ['app'], archived: true }],
    });
    await world.comment('mona', '/fleet bump version=2.0');
    const [answer] = await world.answers();
    expect(answer).toContain('acme/one');
    expect(answer).toContain('archived');
  });

  it('says that the settings are not valid, and where', async () => {
    const world = await openWorld({
      platform: {
        files: { ...workflowFiles({ bump: bump('[{ tag: app }]') }), '.github/fleet.yml': 'confirm_ovr: 3\n' },
      },
      repositories: services('one'),
    });
    await world.comment('mona', '/fleet bump version=2.0');
    const [answer] = await world.answers();
    expect(answer).toContain('acme/platform:.github/fleet.yml:1:1');
    expect(answer).toContain('confirm_over');
  });
});

describe('a file that cannot be read as text', () => {
  const latin1 = Buffer.from('name: latin\ndescription: caf\u00e9\n', 'latin1').toString('base64');

  it('is an invalid workflow that says why, and the list goes on', async () => {
    const world = await openWorld({
      platform: {
        files: {
          ...workflowFiles({ bump: bump('[{ tag: app }]'), huge: `# ${'x'.repeat(1_100_000)}\n` }),
          '.github/fleet/folder.yml/README.md': 'x\n',
        },
      },
      repositories: services('one'),
    });
    const path = '/repos/acme/platform/contents/.github/fleet/latin.yml';
    await world.api('mona', 'PUT', path, { message: 'x', content: latin1, branch: 'main' });
    for (const [name, problem] of [
      ['latin', /is not UTF-8 text/],
      ['huge', /1 MB|1024 KiB/],
      ['folder', /is a directory/],
    ] as const) {
      await world.comment('mona', `/fleet ${name}`);
      const answer = (await world.answers()).at(-1);
      expect(answer).toContain('The workflow is not valid');
      expect(answer).toMatch(problem);
    }
    await world.comment('mona', '/fleet list');
    const listed = (await world.answers()).at(-1);
    expect(listed).toContain('`/fleet latin` is not a valid workflow (`acme/platform:.github/fleet/latin.yml`)');
    expect(listed).toContain('`/fleet bump version=…`');
  });

  it('makes invalid settings', async () => {
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: bump('[{ tag: app }]') }) },
      repositories: services('one'),
    });
    const path = '/repos/acme/platform/contents/.github/fleet.yml';
    await world.api('mona', 'PUT', path, { message: 'x', content: latin1, branch: 'main' });
    await world.comment('mona', '/fleet bump version=2.0');
    expect((await world.answers()).at(-1)).toContain('The settings are not valid');
    expect((await world.answers()).at(-1)).toContain('is not UTF-8 text');
  });
});

describe("GitHub's limits", () => {
  const limit = (seconds: number) => ({
    route: 'GET /installation/repositories',
    mode: 'status' as const,
    status: 403,
    headers: { 'retry-after': String(seconds) },
    body: { message: 'You have exceeded a secondary rate limit' },
  });
  const options = {
    platform: { files: workflowFiles({ bump: bump('[{ tag: app }]') }) },
    repositories: services('one'),
  };

  it('put a command off, which is then carried out as if nothing had been', async () => {
    const world = await openWorld(options);
    world.github.failures.next(limit(20));
    const comment = await world.comment('mona', '/fleet bump version=2.0');
    expect(await world.fleets()).toEqual([]);
    expect(await world.reactions(comment)).toEqual(['eyes']);
    world.clock.move(20_000);
    await world.settle();
    expect((await world.tasks()).map(({ outcome }) => outcome)).toEqual(['changed']);
    expect((await world.reactions(comment)).sort()).toEqual(['eyes', 'rocket']);
  });

  it('that last longer than half an hour are told, with their end', async () => {
    const world = await openWorld(options);
    world.github.failures.next(limit(25 * 60));
    world.github.failures.next(limit(10 * 60));
    await world.comment('mona', '/fleet bump version=2.0');
    world.clock.move(25 * 60_000);
    await world.settle();
    const answer = (await world.answers()).at(-1);
    expect(answer).toContain('GitHub is not available');
    expect(answer).toContain('until 2026-05-04 09:35 UTC');
    expect(await world.fleets()).toEqual([]);
  });
});

describe('a branch that is not for fleets', () => {
  const onto = (more: string) =>
    `name: onto\nservices: [{ tag: app }]\n${more}\nnodes:\n  - id: a\n    bash: echo x > X\n`;

  it.each([
    ['the default branch of a target', 'branch: main', '`main`, which is the default branch of 1 repository'],
    ['the default branch by an input', 'branch: "{{to}}"\ninputs: { to: { default: main } }', '`main`'],
    ['the base', 'branch: release\npull_request: { base: release }', '`release`, which is also the `base`'],
  ])('is refused before anything runs: %s', async (_, more, told) => {
    const world = await openWorld({
      platform: { files: workflowFiles({ onto: onto(more) }) },
      repositories: services('one'),
    });
    await world.comment('mona', '/fleet onto');
    expect(await world.fleets()).toEqual([]);
    expect((await world.answers()).at(-1)).toContain('The workflow is not valid');
    expect((await world.answers()).at(-1)).toContain(told);
  });
});

describe('what is no command', () => {
  it('starts nothing and is not stored: a fence, a quote, an indented line, a later line, an edit, a bot', async () => {
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: bump('[{ tag: app }]') }) },
      repositories: services('one'),
    });
    const command = '/fleet bump version=2.0';
    for (const body of [`\`\`\`\n${command}\n\`\`\``, `> ${command}`, `    ${command}`, `Hello\n${command}`]) {
      await world.comment('mona', body);
    }
    const edited = await world.comment('mona', 'Hello');
    await world.api('mona', 'PATCH', `/repos/acme/platform/issues/comments/${edited}`, { body: command });
    await world.app.writes(world.github.app.installationId).createComment('acme/platform', 1, command);
    await world.settle();

    expect(await world.fleets()).toEqual([]);
    for (const { guid } of world.deliveries()) {
      expect(await world.store.read.deliveries.get(guid)).toBeUndefined();
    }
  });
});

describe('deliveries', () => {
  it('that come twice start one fleet', async () => {
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: bump('[{ tag: app }]') }) },
      repositories: services('one'),
    });
    await world.comment('mona', '/fleet bump version=2.0');
    const delivery = world.deliveries().find(({ event }) => event === 'issue_comment');
    if (delivery === undefined) throw new Error('There is no delivery of the comment.');
    await world.redeliver(delivery.id);
    expect(await world.fleets()).toHaveLength(1);
    expect(await world.trackingIssues()).toHaveLength(1);
  });

  it('of the same command while its fleet has not ended start nothing and link that fleet', async () => {
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: bump('[{ tag: app }]') }) },
      repositories: services('one'),
    });
    await world.comment('mona', '/fleet bump version=2.0 --plan');
    await world.comment('mona', '/fleet bump version=2.0');
    expect(await world.fleets()).toHaveLength(1);
    const answer = (await world.answers()).at(-1);
    expect(answer).toContain((await world.fleet()).id);
  });
});
