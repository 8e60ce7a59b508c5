import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { givenFolder, write } from '../../rehearse/given-folder.ts';
import { asPerson, client } from './client-command.ts';
import { setVersionWorld, submitted } from './set-version.ts';

test('a fleet is submitted, listed, and its status tells where it stands', async () => {
  const world = await setVersionWorld();
  const env = asPerson(world);
  const started = await client(submitted(['service-a', 'service-b'], '--json'), { env });
  expect([started.exitCode, started.stderr]).toEqual([0, '']);
  const { created, fleet } = JSON.parse(started.stdout);
  expect(created).toBe(true);
  expect(fleet.inputs).toEqual({ version: '2.0' });
  await world.settle();

  const status = await client(['status', fleet.id], { env });
  expect(status.exitCode, status.stderr).toBe(0);
  expect(status.stdout).toMatch(new RegExp(`^${fleet.id}  set-version  completed  2/2$`, 'm'));
  expect(status.stdout).toMatch(/✓ acme\/service-a +changed +http:\S+\/acme\/service-a\/pull\/1$/m);
  const [issue] = await world.trackingIssues();
  expect(status.stdout).toContain(`Tracking issue: ${world.url}/acme/platform/issues/${issue?.number}`);

  const listed = await client(['list', '--workflow', 'set-version', '--status', 'completed'], { env });
  expect(listed.stdout.split('\t').slice(0, 5)).toEqual([fleet.id, 'completed', 'set-version', 'acme/platform', '2/2']);
  const opened = await client(['open', fleet.id], { env });
  expect(opened.stdout).toBe(`${world.url}/acme/platform/issues/${issue?.number}`);

  const keyed = submitted(['service-a'], '--idempotency-key', 'one', '--json');
  const first = await client(keyed, { env });
  await world.settle();
  const again = JSON.parse((await client(keyed, { env })).stdout);
  expect(again.fleet.id).toBe(JSON.parse(first.stdout).fleet.id);
  expect(await world.fleets()).toHaveLength(2);
});

test('the control repository is the `origin` around the folder, and the repositories come from a file or a pipe', async () => {
  const world = await setVersionWorld();
  const { FLEET_CONTROL: _, ...env } = asPerson(world);
  const cwd = givenFolder();
  execFileSync('git', ['init', '--quiet', cwd]);
  execFileSync('git', ['-C', cwd, 'remote', 'add', 'origin', 'git@github.com:acme/platform.git']);
  write(join(cwd, 'repos.csv'), 'team,repository\none,acme/service-a\ntwo,service-b\n');
  const args = ['submit', '--workflow', 'set-version', 'version=2.0', '--plan', '--json', '--repos-file'];
  const started = await client([...args, 'repos.csv'], { env, cwd });
  expect(started.exitCode, started.stderr).toBe(0);
  const { fleet } = JSON.parse(started.stdout);
  expect(fleet).toMatchObject({ control_repository: 'acme/platform', status: 'planned' });
  const names = ['acme/service-a', 'acme/service-b'];
  expect(fleet.tasks.map(({ repository }: { repository: string }) => repository)).toEqual(names);

  const again = await client([...args, '-'], { env, cwd, input: 'acme/service-a\nservice-b\n' });
  expect(again.stderr).toContain(`The same command has a fleet that has not ended: ${fleet.id}.`);
  const faulty = await client([...args, '-'], { env, cwd, input: 'acme/service-a\nno name\n' });
  expect([faulty.exitCode, faulty.stderr]).toEqual([2, expect.stringContaining('-:2: `no name` is no repository')]);
});

test('the verbs carry out what a comment would', async () => {
  const world = await setVersionWorld();
  const env = asPerson(world);
  const planned = JSON.parse(
    (await client(submitted(['service-a', 'service-bad'], '--plan', '--json'), { env })).stdout,
  );
  const { id } = planned.fleet;
  const approved = await client(['approve', id], { env });
  expect([approved.exitCode, approved.stdout]).toEqual([
    0,
    expect.stringMatching(/^The plan is approved\.\n.* {2}running /),
  ]);
  expect((await client(['pause', id], { env })).stdout).toMatch(/^It is paused\.\n.* {2}waiting /);
  expect((await client(['resume', id], { env })).stdout).toMatch(/^It goes on\.\n/);
  await world.settle();
  const retried = await client(['retry', id, 'service-b*'], { env });
  expect(retried.stdout).toMatch(/^Tried again:\n {2}acme\/service-bad\n/);
  const cancelled = await client(['cancel', id], { env });
  expect(cancelled.stdout).toMatch(/^It is cancelled\.\n.* {2}partial /);
  await world.settle();
  const undone = await client(['undo', id, '--json'], { env });
  expect(JSON.parse(undone.stdout).repositories).toEqual(['acme/service-a']);
  const refused = await client(['publish', id], { env });
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toMatch(/\n\(request [\da-f-]{36}\)$/);

  const logs = await client(['logs', id, 'service-bad'], { env });
  expect(logs.stdout, logs.stderr).toMatch(/^t-\S+ {2}acme\/service-bad {2}cancelled/);
  expect((await client(['logs', id, 'service-a', '--json'], { env })).stdout).toContain('"title":"set"');
  const all = await client(['logs', id], { env });
  expect([all.exitCode, all.stderr]).toEqual([
    1,
    expect.stringMatching(/has these tasks:\n.*service-a\n.*service-bad\n/),
  ]);
  const near = await client(['logs', id, 'service-bda'], { env });
  expect(near.stderr).toContain('Did you mean service-bad?');
});
