import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { asPerson, client, settledWhile, until } from './client-command.ts';
import { setVersionWorld, submitted } from './set-version.ts';

test.each([
  ['completed', ['service-a'], 0],
  ['partial', ['service-a', 'service-bad'], 3],
  ['failed', ['service-bad'], 1],
])('--wait ends with the status of a fleet that is %s', async (status, names, exitCode) => {
  const world = await setVersionWorld();
  const waited = await settledWhile(world, client(submitted(names, '--wait'), { env: asPerson(world) }));
  expect(waited.exitCode, waited.stderr).toBe(exitCode);
  expect(waited.stdout).toContain(`set-version  ${status}  ${names.length}/${names.length}`);
  expect(waited.stdout).not.toContain('\u001b');
});

test('--wait on a plan says who must do what, and ends with 5', async () => {
  const world = await setVersionWorld();
  const waited = await client(submitted(['service-a'], '--plan', '--wait'), { env: asPerson(world) });
  expect(waited.exitCode, waited.stderr).toBe(5);
  const { id } = await world.fleet();
  expect(waited.stdout).toContain(`\`fleet approve ${id}\` runs it`);
});

test('--wait on a question says who must do what, ends with 5, and the answer lets the fleet go on', async () => {
  const world = await setVersionWorld();
  const env = asPerson(world);
  const args = ['submit', '--workflow', 'ask', 'version=2.0', '--repo', 'service-a', '--wait'];
  const waited = await settledWhile(world, client(args, { env }));
  expect(waited.exitCode, waited.stderr).toBe(5);
  const { id } = await world.fleet();
  expect(waited.stdout).toContain(`It waits for a decision: \`fleet approve ${id}\``);
  const approved = await client(['approve', id, 'service-*', '--node', 'gate', '--text', 'fine'], { env });
  expect(approved.stdout, approved.stderr).toMatch(/^Decided: approve\n {2}acme\/service-a {2}gate\n/);
  const watched = await settledWhile(world, client(['status', id, '--watch'], { env }));
  expect(watched.exitCode, watched.stderr).toBe(0);
});

test('a fleet that is cancelled while it is watched ends the watching with 4, and JSON tells every change', async () => {
  const world = await setVersionWorld();
  const env = asPerson(world);
  const { fleet } = JSON.parse((await client(submitted(['service-a'], '--json'), { env })).stdout);
  const watching = client(['status', fleet.id, '--watch', '--json'], { env });
  await until(watching, 'stdout', '"running"');
  await client(['cancel', fleet.id], { env });
  const watched = await settledWhile(world, watching);
  expect(watched.exitCode, watched.stderr).toBe(4);
  const seen = watched.stdout.split('\n').map((line) => JSON.parse(line).status);
  expect([seen[0], seen.at(-1)]).toEqual(['running', 'cancelled']);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends the waiting and not the fleet', async (signal) => {
  const world = await setVersionWorld();
  const waiting = client(submitted(['service-a'], '--wait'), { env: asPerson(world) });
  await until(waiting, 'stdout', 'running  0/1');
  waiting.kill(signal);
  const { exitCode, stderr } = await waiting;
  expect(exitCode).toBe(signal === 'SIGINT' ? 130 : 143);
  const { id } = await world.fleet();
  expect(stderr).toContain(`The fleet ${id} goes on.`);
  expect(stderr).toContain(`\`fleet status ${id} --watch\``);
  await world.settle();
  expect((await world.tasks()).map(({ status }) => status)).toEqual(['completed']);
});

test('a server that restarts is waited for', async () => {
  const world = await setVersionWorld();
  const waiting = client(submitted(['service-a'], '--wait', '--json'), { env: asPerson(world) });
  await untilRequested(world);
  await world.crash();
  await until(waiting, 'stderr', 'Trying again');
  await world.restart();
  const { exitCode, stdout, stderr } = await settledWhile(world, waiting);
  expect(exitCode, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ status: 'completed', counts: { completed: 1 } });
});

async function untilRequested(world: Awaited<ReturnType<typeof setVersionWorld>>): Promise<void> {
  while ((await world.fleets()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  // The stream of events is opened behind the answer.
  await new Promise((resolve) => setTimeout(resolve, 500));
}

test('no command line, no output and no address holds the token', { skip: process.platform !== 'linux' }, async () => {
  const world = await setVersionWorld();
  const env = asPerson(world);
  const waiting = client(submitted(['service-a'], '--wait'), { env });
  await until(waiting, 'stdout', 'running  0/1');
  const lines = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(commandLine);
  expect(lines.some((line) => line.includes('set-version'))).toBe(true);
  expect(lines.filter((line) => line.includes(env.FLEET_TOKEN ?? '?'))).toEqual([]);
  const { stdout, stderr } = await settledWhile(world, waiting);
  expect(`${stdout}${stderr}`).not.toContain(env.FLEET_TOKEN);
});

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
