import { describe, expect, it } from 'vitest';
import { bump, services, workflowFiles } from './workflows.ts';
import { openWorld } from './world.ts';

const withPull = (keys: string) => bump('[{ tag: app }]', `pull_request: ${keys}`);

describe('publication', () => {
  it('makes a Verified commit through the API, and updates it the same way', async () => {
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: withPull('{ commit: api, title: "Bump to {{version}}" }') }) },
      repositories: services('one'),
    });
    await world.comment('mona', '/fleet bump version=2.0');
    const [first] = await world.pulls('one');
    expect(first?.title).toBe('Bump to 2.0');
    expect(await world.file('one', 'VERSION', 'fleet/bump-2.0')).toBe('2.0\n');

    await world.commit('mona', 'one', 'NEW', 'new\n', 'main');
    await world.comment('mona', '/fleet bump version=2.0');
    expect((await world.tasks()).map((task) => task.outcome ?? task.reason)).toEqual(['changed']);
    const pulls = await world.pulls('one');
    expect(pulls).toHaveLength(1);
    expect(pulls[0]?.head.sha).not.toBe(first?.head.sha);
    expect(await world.file('one', 'NEW', 'fleet/bump-2.0')).toBe('new\n');
    expect(world.github.requests.count('POST git-receive-pack')).toBe(0);
  });

  it('takes its own branch back when GitHub refuses the pull request', async () => {
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: bump('[{ tag: app }]') }) },
      repositories: services('one'),
    });
    world.github.failures.next({
      route: 'POST /repos/{owner}/{repo}/pulls',
      mode: 'status',
      status: 422,
      body: { message: 'Validation Failed', errors: [{ message: 'a rule of this organization' }] },
    });
    await world.comment('mona', '/fleet bump version=2.0');
    const [task] = await world.tasks();
    expect(task).toMatchObject({ status: 'failed', category: 'pull_request' });
    expect(task?.reason).toContain('a rule of this organization');
    expect(await world.file('one', 'VERSION', 'fleet/bump-2.0')).toBeUndefined();
    const events = await world.store.read.events.ofFleet((await world.fleet()).id);
    const ofBranch = events.flatMap(({ event }) => ('sha' in event ? [[event.type, event.sha]] : []));
    const [push] = await world.store.read.pushes.ofTask(task?.id ?? '');
    expect(ofBranch, 'the log says that what was pushed is not there any more').toEqual([
      ['branch_pushed', push?.sha],
      ['branch_deleted', push?.sha],
    ]);
  });

  it('makes a refused label a warning on a completed task', async () => {
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: withPull('{ labels: [dependencies], reviewers: [nobody-here] }') }) },
      repositories: services('one'),
    });
    await world.comment('mona', '/fleet bump version=2.0');
    const [task] = await world.tasks();
    expect(task).toMatchObject({ status: 'completed', outcome: 'changed' });
    expect(task?.warnings.join()).toContain('reviewers');
    const [issue] = await world.trackingIssues();
    expect(issue?.body).toContain('reviewers');
  });

  it('gives a child a cleared environment with a HOME of its own and no token', async () => {
    const look =
      'name: look\nservices: [{ tag: app }]\nnodes:\n  - id: look\n    bash: env | cut -d= -f1 | sort > ENV; ls -A "$HOME" > HOME.txt; git remote -v > REMOTE\n';
    const world = await openWorld({ platform: { files: workflowFiles({ look }) }, repositories: services('one') });
    await world.comment('mona', '/fleet look');
    const names = (await world.file('one', 'ENV', 'fleet/look'))?.trim().split('\n');
    expect(names).toEqual(
      [
        '_',
        'BASE_BRANCH',
        'CI',
        'FLEET_ID',
        'GIT_TERMINAL_PROMPT',
        'HOME',
        'LANG',
        'PATH',
        'PWD',
        'SERVICE',
        'SERVICE_DIR',
        'SERVICE_ID',
        'SERVICE_NAME',
        'SHLVL',
        'TMPDIR',
      ].sort((a, b) => (a < b ? -1 : 1)),
    );
    expect(await world.file('one', 'REMOTE', 'fleet/look')).toBe('');
  });

  it('co-authors the commit with the sender and links the tracking issue', async () => {
    const world = await openWorld({
      platform: { files: workflowFiles({ bump: bump('[{ tag: app }]') }) },
      repositories: services('one'),
    });
    await world.comment('mona', '/fleet bump version=2.0');
    const commit = JSON.stringify(await world.api('mona', 'GET', '/repos/acme/one/commits/fleet%2Fbump-2.0'));
    expect(commit).toContain('Co-authored-by: mona <');
    expect(commit).toContain('flotilla[bot]');
  });
});
