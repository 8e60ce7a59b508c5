import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { dieBeforeTheAnswer } from './die-before-the-answer.ts';
import { APP } from './start-app.ts';
import { workflowFiles } from './workflows.ts';
import { openWorld, type World, type WorldOptions } from './world.ts';

/** What a preview shows, and how exactly that gets published. */

const MINUTE = 60_000;
const DAY = 24 * 60 * 60_000;
const branch = 'fleet/bump';
const BUMP = `
name: bump
services: [{ tag: app }]
parallel: true
nodes:
  - id: write
    bash: sed -i 's/1.0/2.0/' VERSION
  - { id: mark, bash: echo ran, depends_on: [write], always_run: true }
`;

const service = (name: string, files: Record<string, string> = { VERSION: '1.0\n' }) => ({
  name,
  topics: ['app'],
  files,
});

async function given(
  repositories: NonNullable<WorldOptions['repositories']>,
  { workflow = BUMP, ...options }: WorldOptions & { workflow?: string } = {},
): Promise<World> {
  return openWorld({ platform: { files: workflowFiles({ bump: workflow }) }, repositories, ...options });
}

const states = async (world: World) => (await world.tasks()).map(({ status, outcome }) => outcome ?? status);
const issueNumber = async (world: World) => (await world.trackingIssues())[0]?.number ?? 0;
const issue = async (world: World) => world.issue(await issueNumber(world));

async function events(world: World): Promise<string[]> {
  return (await world.store.read.events.ofFleet((await world.fleet()).id)).map(({ event }) => event.type);
}
const nodesStarted = async (world: World) => (await events(world)).filter((type) => type === 'node_started').length;

async function folderOf(world: World): Promise<string> {
  const [task] = await world.tasks();
  if (task?.workspace == null) throw new Error('The task has no workspace.');
  return task.workspace;
}

/** On the tracking issue, a second after all that has happened. Returns what the app said next. */
async function say(world: World, command: string, login = 'mona'): Promise<string> {
  world.clock.move(1_000);
  const number = await issueNumber(world);
  const before = (await world.answers(number)).length;
  await world.comment(login, command, { issue: number });
  return (await world.answers(number)).slice(before).join('\n');
}

/** What the app changed in the targets, by its API or by git. */
const written = (world: World) =>
  world.github.requests
    .all(({ method, path }) => method !== 'GET' && /^\/(?:api\/v3\/repos\/)?acme\/(?!platform)/.test(path))
    .filter(({ path }) => !path.endsWith('/git-upload-pack'));

/** Of a pull request's only file. */
async function patchOf(world: World, repository: string): Promise<string | undefined> {
  const files = await world.api('mona', 'GET', `/repos/acme/${repository}/pulls/1/files`);
  return z.array(z.object({ patch: z.string() })).parse(files)[0]?.patch;
}

describe('a preview', () => {
  it('opens nothing, and publishes exactly the diffs that it shows, but runs again where the base moved', async () => {
    const world = await given([
      service('a'),
      service('b'),
      service('c', { VERSION: 'c 1.0\n' }),
      service('same', { VERSION: '2.0\n' }),
    ]);
    await world.comment('mona', '/fleet bump --preview');
    expect((await world.answers()).at(-1)).toContain('It is a preview: nothing is pushed.');
    expect(await states(world)).toEqual(['prepared', 'prepared', 'prepared', 'unchanged']);
    expect(written(world), 'no branch, no pull request, nothing').toEqual([]);
    expect(await world.file('a', 'VERSION', branch)).toBeUndefined();
    const shown = await issue(world);
    expect(shown.state, 'people review it').toBe('open');
    expect(shown.body).toContain('| 📝 prepared: 1 file, +1 −1 |');
    expect(shown.body).toContain('<summary>acme/a, acme/b: 1 file, +1 −1</summary>');
    expect(shown.body?.match(/```diff\n/g), 'equal ones once').toHaveLength(2);
    expect(shown.body).toContain('@@ -1 +1 @@\n-c 1.0\n+c 2.0\n```');
    const number = await issueNumber(world);
    expect((await world.answers(number)).at(-1)).toContain('`/fleet publish` on this issue opens their pull requests');
    expect(await nodesStarted(world)).toBe(8);

    await world.commit('mona', 'c', 'VERSION', 'c 1.0\nof today\n', 'main');
    await say(world, '/fleet publish');
    expect(await states(world)).toEqual(['changed', 'changed', 'changed', 'unchanged']);
    for (const name of ['a', 'b']) expect(await patchOf(world, name)).toBe('@@ -1 +1 @@\n-1.0\n+2.0');
    expect(written(world), 'pushes and pull requests').not.toEqual([]);
    expect(await world.file('c', 'VERSION', branch)).toBe('c 2.0\nof today\n');
    expect((await world.tasks()).map(({ attempt }) => attempt)).toEqual([1, 1, 2, 1]);
    expect(await nodesStarted(world), 'those of c once more').toBe(10);
    const ended = await issue(world);
    expect(ended.state).toBe('closed');
    expect(ended.body).toContain('changed: Its base moved since the preview, so it ran again.');
    expect(ended.body).not.toContain('```diff');
    expect(ended.body).toContain('had what was prepared in 3 repositories published');
    expect((await events(world)).filter((type) => /^fleet_|publish_/.test(type))).toEqual([
      ...['fleet_planned', 'fleet_ended'],
      ...['fleet_reopened', 'fleet_publish_requested'],
      ...['task_publish_requested', 'task_publish_requested', 'task_publish_requested', 'fleet_ended'],
    ]);
    expect(await say(world, '/fleet publish')).toContain('is published, or about to be');
  });

  it('is published in part by those who may, after a restart too, and not where the sender may no longer push', async () => {
    const world = await given([service('a'), service('b')], { users: ['hubot'] });
    await world.comment('mona', '/fleet bump --preview');
    expect(await say(world, '/fleet publish', 'hubot'), 'no permission, no word').toBe('');
    expect(await states(world)).toEqual(['prepared', 'prepared']);

    await world.crashAndRestart();
    dieBeforeTheAnswer(world);
    await say(world, '/fleet publish a');
    world.clock.move(6_000);
    await world.settle();
    expect(await states(world)).toEqual(['changed', 'prepared']);
    const number = await issueNumber(world);
    expect((await world.answers(number)).join('\n')).toContain('publishes what it prepared in 1 repository: acme/a.');
    expect(await patchOf(world, 'a')).toBe('@@ -1 +1 @@\n-1.0\n+2.0');
    const told = await issue(world);
    expect(told.state, 'something is left').toBe('open');
    expect(told.body, 'what is published is in its pull request').toContain('<summary>acme/b: 1 file');
    expect(await say(world, '/fleet publish a')).toContain('These are: acme/b.');

    world.clock.move(2 * 60 * 60_000);
    world.demote('mona', 'b');
    await say(world, '/fleet publish');
    expect(await world.tasks()).toMatchObject([
      { outcome: 'changed', attempt: 1 },
      { status: 'failed', category: 'permission' },
    ]);
    expect(await world.pulls('b')).toEqual([]);
    expect(await nodesStarted(world)).toBe(4);
  });

  it('goes on where its process ended before the publication or in it, and runs no node again', async () => {
    const world = await given([service('a')]);
    await world.comment('mona', '/fleet bump --preview');
    await world.say('mona', '/fleet publish', { issue: await issueNumber(world) });
    await world.github.idle();
    await world.crashAndRestart();
    world.github.failures.next({ route: 'POST git-receive-pack', mode: 'before', status: 502 });
    await world.settle();
    expect(await world.tasks()).toMatchObject([{ status: 'queued', publishingAt: expect.any(Number) }]);
    expect(await world.pulls('a')).toEqual([]);
    writeFileSync(join(await folderOf(world), 'tree', 'VERSION'), 'by a process that a command left behind\n');
    await world.crashAndRestart();
    world.clock.move(31_000);
    await world.settle();
    expect(await world.tasks()).toMatchObject([{ outcome: 'changed', attempt: 1, reason: null }]);
    expect(await world.pulls('a')).toHaveLength(1);
    expect(await patchOf(world, 'a')).toBe('@@ -1 +1 @@\n-1.0\n+2.0');
    expect(await nodesStarted(world)).toBe(2);
  });

  it('is not published by a command that was written before there was anything to read', async () => {
    const world = await given([service('a')]);
    await world.comment('mona', '/fleet bump --plan --preview');
    const number = await issueNumber(world);
    const { apps } = world.github.context.state;
    const { webhookUrl } = apps.need(APP.id);
    apps.update(APP.id, { webhookUrl: 'http://127.0.0.1:1/api/github/webhooks' });
    await world.api('mona', 'POST', `/repos/acme/platform/issues/${number}/comments`, { body: '/fleet publish' });
    await world.github.idle();
    apps.update(APP.id, { webhookUrl });
    world.clock.move(MINUTE);
    await world.comment('mona', '/fleet approve', { issue: number });
    expect(await states(world)).toEqual(['prepared']);
    world.clock.move(5 * MINUTE);
    await world.settle();
    expect((await world.answers(number)).join('\n')).toContain('was not yet when this was written');
    expect(await world.pulls('a')).toEqual([]);
  });

  it('fails where its workspace cannot be read, and does not run again to push what nobody has seen', async () => {
    const world = await given([service('a')]);
    await world.comment('mona', '/fleet bump --preview');
    const scratch = join(await folderOf(world), 'scratch');
    rmSync(scratch, { recursive: true });
    writeFileSync(scratch, '');
    await say(world, '/fleet publish');
    expect(await world.tasks()).toMatchObject([{ status: 'failed', attempt: 1 }]);
    expect(await nodesStarted(world)).toBe(2);
    expect(await world.pulls('a')).toEqual([]);
  });

  it('waits for a GitHub that cannot be reached before it begins to publish, and gives up after hours', async () => {
    const world = await given([service('a'), service('b')]);
    await world.comment('mona', '/fleet bump --preview');
    const away = { route: 'GET /repos/{owner}/{repo}', mode: 'before', status: 502, times: 1_000 } as const;
    const graphql = { ...away, route: 'POST /graphql' };
    world.github.failures.next(graphql);
    world.github.failures.next({ ...away, path: '/repos/acme/a' });
    await say(world, '/fleet publish a');
    for (let tries = 0; tries < 3; tries += 1) {
      world.clock.move(31_000);
      await world.settle();
      expect(await states(world)).toEqual(['queued', 'prepared']);
    }
    world.github.failures.clear();
    world.clock.move(31_000);
    await world.settle();
    expect(await world.tasks()).toMatchObject([{ outcome: 'changed', attempt: 1 }, { outcome: 'prepared' }]);
    expect(await nodesStarted(world)).toBe(4);

    world.github.failures.next(graphql);
    world.github.failures.next({ ...away, path: '/repos/acme/b' });
    await say(world, '/fleet publish b');
    world.clock.move(6 * 60 * 60_000);
    await world.settle();
    expect(await world.tasks()).toMatchObject([{ outcome: 'changed' }, { status: 'failed', category: 'network' }]);
  });

  it('runs what failed again as a preview, and is not published beside or after another fleet', async () => {
    const workflow = BUMP.replace('sed -i', 'test ! -e broken && sed -i');
    const world = await given([service('a'), service('b', { VERSION: '1.0\n', broken: '' })], { workflow });
    await world.comment('mona', '/fleet bump --preview');
    expect(await states(world)).toEqual(['prepared', 'failed']);
    const path = '/repos/acme/b/contents/broken';
    const { sha } = z.object({ sha: z.string() }).parse(await world.api('mona', 'GET', path));
    await world.api('mona', 'DELETE', path, { message: 'Mend', sha });
    await say(world, '/fleet retry');
    expect(await states(world)).toEqual(['prepared', 'prepared']);
    expect(written(world).filter(({ actor }) => actor !== 'mona')).toEqual([]);

    const [preview] = await world.fleets();
    await world.comment('mona', '/fleet plan bump');
    expect(await say(world, '/fleet publish')).toMatch(/is under way as fleet \[f-\w+\]\(/);
    await world.comment('mona', `/fleet cancel ${(await world.fleet()).id}`);
    await world.comment('mona', '/fleet bump');
    expect(await states(world)).toEqual(['changed', 'changed']);
    expect(await say(world, `/fleet publish ${preview?.id}`)).toMatch(/superseded by \[f-\w+\]\(/);
    expect(await say(world, `/fleet publish ${(await world.fleet()).id}`)).toContain('is no preview');
    const told = await issue(world);
    expect([told.state, told.body]).toEqual(['closed', expect.not.stringContaining('`/fleet publish` opens')]);
  });

  it('asks and waits like any fleet, and what was approved is published unless the base moved', async () => {
    const workflow = `${BUMP.replace('parallel: true', 'rollout: { canary: 1, approve: canary }')}
  - { id: look, approval: { message: "Is it good?" }, depends_on: [mark] }
`;
    const world = await given([service('a'), service('b')], { workflow });
    await world.comment('mona', '/fleet bump --preview');
    expect(await states(world)).toEqual(['waiting', 'queued']);
    await say(world, '/fleet approve');
    expect(await states(world)).toEqual(['prepared', 'queued']);
    expect(await say(world, '/fleet publish a'), 'while the others still wait').toContain('acme/a');
    expect(await states(world)).toEqual(['changed', 'queued']);
    await say(world, '/fleet approve');
    await say(world, '/fleet approve');
    expect(await states(world)).toEqual(['changed', 'prepared']);

    await world.commit('mona', 'b', 'README.md', 'moved\n', 'main');
    await say(world, '/fleet publish');
    expect(await states(world), 'nobody agreed to the new diff').toEqual(['changed', 'waiting']);
    await say(world, '/fleet approve');
    expect(await states(world)).toEqual(['changed', 'changed']);
    expect((await issue(world)).state).toBe('closed');
  });

  it('keeps what it needs where no workspace is kept, and runs again when that is gone', async () => {
    const world = await given([service('a'), service('b')], { settings: 'keep_workspaces: none' });
    await world.comment('mona', '/fleet bump --preview');
    world.clock.move(DAY);
    await world.settle();
    await say(world, '/fleet publish a');
    expect(await world.tasks()).toMatchObject([
      { outcome: 'changed', attempt: 1, workspace: null, reason: null },
      { outcome: 'prepared' },
    ]);

    world.clock.move(7 * DAY);
    await world.settle();
    expect((await world.tasks())[1]?.workspace).toBeNull();
    await say(world, '/fleet publish');
    expect((await world.tasks())[1]).toMatchObject({
      outcome: 'changed',
      attempt: 2,
      reason: 'The workspace of the preview is gone or is not what it was, so it ran again.',
    });
  });

  it('shows what is hostile, binary or huge without harm', async () => {
    const workflow = `
name: bump
services: [{ tag: app }]
nodes:
  - id: write
    bash: |
      case "$SERVICE_NAME" in
        hostile) printf '%s\\n' '\`\`\`' '@mona </details> <!-- flotilla:1 effect=e-x --> \`\`\`' > notes; echo 'token: "new"' >> config ;;
        binary) printf '\\000\\001\\002' > logo ;;
        *) seq 20000 > long; echo "$SERVICE_NAME" > name ;;
      esac
`;
    const secret = `old: ghp_${'a'.repeat(36)}\n`;
    const world = await given(
      [service('hostile', { config: secret }), service('binary'), service('huge'), service('huger')],
      { workflow },
    );
    await world.comment('mona', '/fleet bump --preview');
    expect(await states(world)).toEqual(['prepared', 'prepared', 'prepared', 'prepared']);
    const number = await issueNumber(world);
    const body = (await issue(world)).body ?? '';
    expect(body).toContain('4 different diffs stand in the comments below');
    expect(body).toContain('2 files, +20,001 −0');
    const pages = (await world.answers(number)).filter((text) => text.includes('### Diffs, '));
    for (const page of pages) expect(page.length).toBeLessThanOrEqual(65_536);
    const all = pages.join('\n');
    expect(all).toContain('````diff\n');
    expect(all).toContain('+@mona </details> <!\u200b-- flotilla:1 effect=e-x --> ```');
    expect(all).toContain(' old: ***\n');
    expect(all).toContain('Binary files /dev/null and b/logo differ');
    expect(all.match(/The diff is too long to be shown whole\. Files:/g)).toHaveLength(2);
    expect(all).toContain('long | +20,000 −0');

    await say(world, '/fleet publish');
    expect(await states(world)).toEqual(['changed', 'changed', 'changed', 'changed']);
    expect(await world.file('huge', 'long', branch)).toHaveLength(108_894);
    expect((await world.answers(number)).filter((text) => text.includes('### Diffs, '))).toEqual([]);
  });
});
