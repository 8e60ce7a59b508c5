import { expect, test } from 'vitest';
import { openWorld } from '../../story/world.ts';
import { asPerson, client, settledWhile } from './client-command.ts';

const WORKFLOW = `name: set-version
inputs: { version: { required: true } }
services: any
nodes:
  - id: set
    bash: test "$SERVICE_NAME" != service-bad && echo "$INPUTS_VERSION" > VERSION
`;

const world = (settings = '') =>
  openWorld({
    settings,
    repositories: [{ name: 'service-a' }, { name: 'service-b' }, { name: 'service-bad' }],
    platform: { files: { '.github/fleet/set-version.yml': WORKFLOW } },
  });

test('a fleet is submitted, and its status tells where it stands', async () => {
  const there = await world();
  const env = asPerson(there);
  const words = ['--workflow', 'set-version', 'version=2.0', '--repo', 'acme/service-a', '--repo', 'service-b'];
  const submitted = await client(['submit', ...words, '--json'], { env });
  expect(submitted.stderr).toBe('');
  expect(submitted.exitCode).toBe(0);
  const { created, fleet } = JSON.parse(submitted.stdout);
  expect(created).toBe(true);
  expect(fleet.inputs).toEqual({ version: '2.0' });
  await there.settle();
  const status = await client(['status', fleet.id], { env });
  expect(status.exitCode, status.stderr).toBe(0);
  expect(status.stdout).toMatch(new RegExp(`^${fleet.id}  set-version  completed  2/2$`, 'm'));
  expect(status.stdout).toMatch(/✓ acme\/service-a +changed +http:\S+\/acme\/service-a\/pull\/1$/m);
  expect(status.stdout).toContain('Tracking issue: http');
});

test.each([
  ['completed', ['acme/service-a'], 0],
  ['partial', ['acme/service-a', 'acme/service-bad'], 3],
  ['failed', ['acme/service-bad'], 1],
])('--wait ends with the status of a fleet that is %s', async (status, repositories, exitCode) => {
  const there = await world();
  const args = ['submit', '--workflow', 'set-version', 'version=2.0', '--wait'];
  const waited = await settledWhile(
    there,
    client([...args, ...repositories.flatMap((name) => ['--repo', name])], { env: asPerson(there) }),
  );
  expect(waited.exitCode, waited.stderr).toBe(exitCode);
  expect(waited.stdout).toContain(`set-version  ${status}  `);
});
