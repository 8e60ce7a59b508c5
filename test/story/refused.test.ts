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
