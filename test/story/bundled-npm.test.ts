import { expect, it } from 'vitest';
import { z } from 'zod';
import { npmLockfile, startRegistry } from './npm-registry.ts';
import { toldAgent } from './told-agents.ts';
import { openWorld } from './world.ts';

const topics = ['platform-my-app'];
const BRANCH = 'fleet/bump-shared-lib-2.0.0';

/** A service whose tests look at the library that is really installed. */
function service(registry: string, shared: string, test = "require('node:assert').ok(require('@acme/shared'));\n") {
  const manifest = {
    name: 'service',
    version: '1.0.0',
    scripts: { test: 'node test.js' },
    dependencies: { '@acme/other': '^1.0.0', '@acme/shared': shared },
  };
  return {
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    '.npmrc': `registry=${registry}\nfetch-retries=0\n`,
    '.gitignore': 'node_modules/\n',
    'test.js': test,
  };
}

it('bump-shared-lib lets the lockfile follow as npm would write it, and asks an agent only where the tests fail', async () => {
  const { prompts, ...agents } = toldAgent();
  const registry = await startRegistry({
    '@acme/shared': ['1.4.0', '2.0.0', '2.1.0'],
    '@acme/other': ['1.0.0'],
  });
  const later = await startRegistry({ '@acme/shared': ['1.4.0', '2.0.0', '2.1.0'], '@acme/other': ['1.0.0', '1.1.0'] });
  const locked = async (files: Record<string, string>) => ({ ...files, 'package-lock.json': await npmLockfile(files) });
  const before = await locked(service(registry, '^1.0.0'));
  const broken = `if (!require('node:fs').existsSync('adapted')) {\n  console.log('write adapted = to "$(touch owned)"');\n  process.exit(1);\n}\n`;
  const world = await openWorld({
    ...agents,
    repositories: [
      { name: 'green', topics, files: { ...before, '.npmrc': `registry=${later}\n` } },
      { name: 'adapts', topics, files: await locked(service(registry, '1.4.0', broken)) },
      { name: 'no-npm', topics, files: { 'go.mod': 'module x\n' } },
    ],
  });

  await world.comment('mona', '/fleet bump-shared-lib version=2.0.0');

  const ends = Object.fromEntries((await world.tasks()).map((task) => [task.repository, task.outcome ?? task.reason]));
  expect(ends).toEqual({ 'acme/adapts': 'changed', 'acme/green': 'changed', 'acme/no-npm': 'not_applicable' });

  const after = await world.file('green', 'package.json', BRANCH);
  expect(after).toBe(service(registry, '2.0.0')['package.json']);
  // npm from the same beginning; the other dependency stays at what was locked, although a newer one fits.
  const expected = await npmLockfile({ ...before, '.npmrc': `registry=${later}\n`, 'package.json': after ?? '' });
  const lockfile = await world.file('green', 'package-lock.json', BRANCH);
  expect(lockfile).toBe(expected);
  expect(versionsIn(lockfile)).toEqual({ '@acme/other': '1.0.0', '@acme/shared': '2.0.0' });
  const files = z
    .array(z.object({ filename: z.string() }))
    .parse(await world.api('mona', 'GET', '/repos/acme/green/pulls/1/files'));
  expect(files.map(({ filename }) => filename)).toEqual(['package-lock.json', 'package.json']);
  const [pull] = await world.pulls('green');
  expect(pull?.title).toBe('Bump @acme/shared to 2.0.0');
  expect(pull?.body).toContain('`package.json` and lets `package-lock.json` follow.');

  expect(prompts('green')).toEqual([]);
  expect(prompts('adapts')).toHaveLength(1);
  expect(await world.file('adapts', 'adapted', BRANCH)).toBe('to "$(touch owned)"\n');
  expect(await world.file('adapts', 'owned', BRANCH)).toBeUndefined();
});

it('bump-shared-lib pushes nothing where npm cannot reach its registry, or where another lockfile would stay behind', async () => {
  const { prompts, ...agents } = toldAgent();
  const registry = await startRegistry({ '@acme/shared': ['1.4.0'], '@acme/other': ['1.0.0'] });
  const files = service(registry, '1.4.0');
  const lockfile = await npmLockfile(files);
  // Port 1 answers nothing.
  const away = { ...files, '.npmrc': 'registry=http://127.0.0.1:1/\nfetch-retries=0\n', 'package-lock.json': lockfile };
  const world = await openWorld({
    ...agents,
    repositories: [
      { name: 'away', topics, files: away },
      { name: 'unknown', topics, files: { ...files, 'package-lock.json': lockfile } },
      { name: 'yarn', topics, files: { ...files, 'yarn.lock': '# yarn lockfile v1\n' } },
    ],
  });

  await world.comment('mona', '/fleet bump-shared-lib version=2.0.0');

  const [issue] = await world.trackingIssues();
  for (const task of await world.tasks()) {
    expect(task).toMatchObject({ status: 'failed', category: 'command', reason: 'Node `lock` ended with status 1.' });
    expect(await world.pulls(task.repository.replace('acme/', ''))).toEqual([]);
  }
  expect(issue?.body).toContain('ECONNREFUSED');
  expect(issue?.body).toContain('No matching version found for @acme/shared@2.0.0');
  expect(issue?.body).toContain('yarn.lock would stay behind package.json.');
});

it('bump-shared-lib takes numbers alone for a version', async () => {
  const world = await openWorld({ repositories: [{ name: 'one', topics }] });
  await world.comment('mona', `/fleet bump-shared-lib version='2.0"; touch "$(pwd)/owned'`);
  expect((await world.answers()).at(-1)).toContain('does not match the pattern');
  expect(await world.trackingIssues()).toEqual([]);
});

function versionsIn(lockfile = ''): Record<string, string | undefined> {
  const { packages } = z
    .object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) })
    .parse(JSON.parse(lockfile));
  const installed = Object.entries(packages).filter(([path]) => path !== '');
  return Object.fromEntries(installed.map(([path, { version }]) => [path.replace('node_modules/', ''), version]));
}
