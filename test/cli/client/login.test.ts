import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter, dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { givenFolder, write } from '../../rehearse/given-folder.ts';
import { openWorld, type World } from '../../story/world.ts';
import { addressOf, client } from './client-command.ts';

/** A home whose credential cache ends with the test. */
function givenHome(config = ''): string {
  const home = givenFolder();
  if (config !== '') write(join(home, '.gitconfig'), config);
  onTestFinished(() => {
    execFileSync('git', ['credential-cache', 'exit'], { env: { HOME: home, PATH: process.env.PATH }, stdio: 'ignore' });
  });
  return home;
}

/** `fleet login`, while somebody enters the code that it shows, or cancels. */
async function login(
  world: World,
  home: string,
  person: string | null,
  { args = ['--yes'], env = {} }: { args?: readonly string[]; env?: Record<string, string> } = {},
) {
  const child = client(['login', ...args], { env: { FLEET_URL: addressOf(world), ...env }, home });
  let shown = '';
  let decided = false;
  child.stderr?.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    const code = /enter the code ([A-Z]{4}-[A-Z]{4})/.exec(shown)?.[1];
    if (code === undefined || decided) return;
    decided = true;
    world.github.decideDevice(code, person);
  });
  // GitHub's clock stands still otherwise, and asked twice at once it slows the client down.
  const moving = setInterval(() => world.clock.move(1000), 200);
  return child.finally(() => clearInterval(moving));
}

/** A `git` that notes its arguments and its environment. */
function watchedGit(): { path: string; seen: () => string } {
  const folder = givenFolder();
  const log = join(folder, 'log');
  const real = execFileSync('which', ['git'], { encoding: 'utf8' }).trim();
  const script = `#!/bin/sh\n{ printf '%s\\n' "$@"; env; } >> '${log}'\nexec '${real}' "$@"\n`;
  chmodSync(write(join(folder, 'git'), script), 0o700);
  return {
    path: [folder, dirname(process.execPath), process.env.PATH ?? ''].join(delimiter),
    seen: () => readFileSync(log, 'utf8'),
  };
}

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));

test('a login keeps the token in memory where no helper is set up, and a logout forgets it', async () => {
  const world = await openWorld();
  const home = givenHome();
  const env = { FLEET_URL: addressOf(world) };
  const before = await client(['list'], { env, home });
  expect([before.exitCode, before.stderr]).toEqual([1, expect.stringContaining('Run `fleet login`')]);

  const watched = watchedGit();
  const done = await login(world, home, 'mona', { env: { PATH: watched.path } });
  expect(done.exitCode, done.stderr).toBe(0);
  expect(watched.seen()).toContain('approve');
  expect(watched.seen()).not.toContain('ghu_');
  expect(done.stderr).toContain(`${addressOf(world)} signs people in at ${world.url}.`);
  expect(done.stderr).toContain(`Open ${world.url}/login/device and enter the code`);
  expect(done.stderr).toMatch(/good until [0-9-]+ [0-9:]+ UTC, and kept in memory by git's credential cache/);
  expect(done.stdout).toBe('');
  expect(`${done.stdout}${done.stderr}`).not.toContain('ghu_');
  expect(filesOf(home).join('\n')).not.toContain('ghu_');

  const listed = await client(['list', '--json'], { env, home });
  expect([listed.exitCode, listed.stdout]).toEqual([0, '[]']);
  const out = await client(['logout'], { env, home });
  expect(out.stderr).toContain('is forgotten here');
  expect((await client(['list'], { env, home })).exitCode).toBe(1);
});

test("a helper that the person has set up keeps the token, and one of a checkout's configuration is never asked", async () => {
  const world = await openWorld();
  const home = givenHome('[credential]\n\thelper = store\n');
  const done = await login(world, home, 'mona');
  expect(done.exitCode, done.stderr).toBe(0);
  expect(done.stderr).toContain("by git's credential helper `store`, readable in a file of yours");
  expect(readFileSync(join(home, '.git-credentials'), 'utf8')).toMatch(/^http:\/\/flotilla:ghu_\w+@127/);

  const checkout = givenFolder();
  execFileSync('git', ['init', '--quiet', checkout]);
  const trap = join(givenFolder(), 'trapped');
  execFileSync('git', ['-C', checkout, 'config', 'credential.helper', `!touch ${trap}; cat >> ${trap}; true`]);
  const env = { FLEET_URL: addressOf(world) };
  const listed = await client(['list', '--json'], {
    env: { ...env, GIT_DIR: join(checkout, '.git') },
    home,
    cwd: checkout,
  });
  expect([listed.exitCode, listed.stdout], listed.stderr).toEqual([0, '[]']);
  expect(() => readFileSync(trap)).toThrow('ENOENT');
});

test('a login that is cancelled on GitHub keeps nothing', async () => {
  const world = await openWorld();
  const home = givenHome();
  const done = await login(world, home, null);
  expect([done.exitCode, done.stderr]).toEqual([1, expect.stringContaining('The login was cancelled on GitHub.')]);
});

test('without --yes nobody is signed in where nobody can be asked', async () => {
  const world = await openWorld();
  const done = await login(world, givenHome(), 'mona', { args: [] });
  expect([done.exitCode, done.stderr]).toEqual([2, expect.stringContaining(`Check that ${world.url} is your GitHub`)]);
});

test.each([
  ['http to another machine', 'http://github.example', 'names a GitHub without https'],
  ['no web address at all', 'file:///etc', 'offers no login'],
])('a server that names a GitHub that is %s is refused', async (_, github, message) => {
  const server = createServer((_request, response) => {
    const challenge = `Bearer realm="flotilla", client_id="Iv1.0123456789abcdef", github="${github}"`;
    response.writeHead(401, { 'www-authenticate': challenge }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const done = await client(['login', '--yes', '--server', `http://127.0.0.1:${port}`]);
  expect([done.exitCode, done.stderr]).toEqual([1, expect.stringContaining(message)]);
});

test('what a helper gives for every host is not sent to a server', async () => {
  const world = await openWorld();
  const home = givenHome('[credential]\n\thelper = "!f() { echo password=ghp_ofAnotherHost; }; f"\n');
  const before = world.github.requests.all().length;
  const { exitCode, stderr } = await client(['list'], { env: { FLEET_URL: addressOf(world) }, home });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('fleet login')]);
  expect(world.github.requests.all().length).toBe(before);
});
