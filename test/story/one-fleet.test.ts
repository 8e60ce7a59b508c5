import { describe, expect, it } from 'vitest';
import { bump, services, workflowFiles } from './workflows.ts';
import { openWorld } from './world.ts';

describe('one comment', () => {
  it('runs in the control repository alone when the workflow names no services', async () => {
    const world = await openWorld({
      platform: { files: workflowFiles({ note: 'name: note\nnodes:\n  - { id: write, bash: echo done > NOTE }\n' }) },
      repositories: services('one'),
    });
    const comment = await world.comment('mona', '/fleet note');

    expect(await world.tasks()).toMatchObject([
      { repository: 'acme/platform', status: 'completed', outcome: 'changed' },
    ]);
    expect(await world.pulls('platform')).toMatchObject([{ head: { ref: 'fleet/note' }, state: 'open' }]);
    expect(await world.pulls('one')).toEqual([]);
    expect(await world.file('platform', 'NOTE', 'fleet/note')).toBe('done\n');
    expect((await world.reactions(comment)).sort()).toEqual(['eyes', 'rocket']);
  });

  it('becomes one pull request per service on the same branch and one tracking issue that says so', async () => {
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: bump('[{ tag: app }]', 'parallel: true') }) },
      repositories: services('one', 'two', 'three'),
    });
    await world.comment('mona', '/fleet bump version=2.0');

    for (const repository of ['one', 'two', 'three']) {
      expect(await world.pulls(repository)).toMatchObject([{ head: { ref: 'fleet/bump-2.0' }, state: 'open' }]);
      expect(await world.file(repository, 'VERSION', 'fleet/bump-2.0')).toBe('2.0\n');
    }
    const [issue, ...others] = await world.trackingIssues();
    expect(others).toEqual([]);
    expect(issue).toMatchObject({ title: '[fleet] bump version=2.0 (3 repositories)', state: 'closed' });
    for (const repository of ['one', 'two', 'three']) expect(issue?.body).toContain(`/acme/${repository}/pull/1`);
    const [reply] = await world.answers();
    expect(reply).toContain(`/acme/platform/issues/${issue?.number}`);
    expect(await world.answers(issue?.number)).toHaveLength(1);
    expect((await world.pulls('one'))[0]?.body).toContain(`/acme/platform/issues/${issue?.number}`);
  });

  it('runs three services one after another unless the workflow says parallel', async () => {
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: bump('[{ tag: app }]') }) },
      repositories: services('one', 'two', 'three'),
    });
    await world.comment('mona', '/fleet bump version=2.0');

    const fleet = await world.fleet();
    let running = 0;
    let most = 0;
    for (const { event } of await world.store.read.events.ofFleet(fleet.id)) {
      if (event.type === 'task_started') most = Math.max(most, ++running);
      if (event.type === 'task_completed') running -= 1;
    }
    expect(most).toBe(1);
    expect((await world.tasks()).map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
  });

  it('really runs three services at once when it says parallel', async () => {
    // Each waits until all three are there, so the fleet only ends if none of them has to wait for another's end.
    const meet = `
name: meet
inputs: { folder: { required: true, pattern: '^/[\\w./-]+$' } }
services: [{ tag: app }]
parallel: true
nodes:
  - id: meet
    timeout: 20s
    bash: |
      touch "$INPUTS_FOLDER/$SERVICE_NAME.here"
      until [ "$(ls "$INPUTS_FOLDER" | grep -c here)" = 3 ]; do sleep 0.05; done
`;
    const world = await openWorld({
      platform: { files: workflowFiles({ meet }) },
      repositories: services('one', 'two', 'three'),
    });
    await world.comment('mona', `/fleet meet folder=${world.meeting}`);
    expect((await world.tasks()).map(({ outcome, reason }) => outcome ?? reason)).toEqual([
      'unchanged',
      'unchanged',
      'unchanged',
    ]);
  });

  it('lets the others finish when one of three fails, and tells why', async () => {
    const picky = bump('[{ tag: app }]', 'parallel: true').replace('bash: ', 'bash: test "$SERVICE_NAME" != two && ');
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: picky }) },
      repositories: services('one', 'two', 'three'),
    });
    await world.comment('mona', '/fleet bump version=2.0');

    const outcomes = Object.fromEntries(
      (await world.tasks()).map((task) => [task.repository, task.outcome ?? task.category]),
    );
    expect(outcomes).toEqual({ 'acme/one': 'changed', 'acme/two': 'command', 'acme/three': 'changed' });
    const [issue] = await world.trackingIssues();
    expect(issue?.state).toBe('open');
    expect(issue?.body).toContain('Command failed');
    expect(issue?.body).toContain('acme/two');
    expect(await world.pulls('two')).toEqual([]);
  });

  it('keeps an input data, whatever it says', async () => {
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: bump('[{ tag: app }]') }) },
      repositories: services('one'),
    });
    await world.comment('mona', '/fleet bump version="2.0; touch owned"');

    const [pull] = await world.pulls('one');
    expect(pull?.head.ref).toMatch(/^fleet\/bump-2.0-touch-owned-[0-9a-f]{6}$/);
    expect(await world.file('one', 'VERSION', pull?.head.ref ?? '')).toBe('2.0; touch owned\n');
    expect(await world.file('one', 'owned', pull?.head.ref ?? '')).toBeUndefined();
  });

  it('ends as unchanged, without a branch, where there is nothing to change', async () => {
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: bump('[{ tag: app }]') }) },
      repositories: [{ name: 'one', topics: ['app'], files: { VERSION: '2.0\n' } }],
    });
    await world.comment('mona', '/fleet bump version=2.0');
    expect(await world.tasks()).toMatchObject([{ status: 'completed', outcome: 'unchanged', pullRequest: null }]);
    expect(await world.pulls('one')).toEqual([]);
  });

  it('keeps the workspace of a failed task and removes that of a completed one', async () => {
    const picky = bump('[{ tag: app }]').replace('bash: ', 'bash: test "$SERVICE_NAME" != two && ');
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: picky }) },
      repositories: services('one', 'two'),
    });
    await world.comment('mona', '/fleet bump version=2.0');
    const [one, two] = await world.tasks();
    expect(one?.workspace).toBeNull();
    expect(two?.workspace).toContain('/workspaces/');
  });
});
