import { expect, it } from 'vitest';
import packageFile from '../../package.json' with { type: 'json' };
import { fleetCommand } from './fleet-command.ts';

it('fleet --version prints the version alone', async () => {
  expect(await fleetCommand('--version')).toMatchObject({ exitCode: 0, stdout: packageFile.version, stderr: '' });
});

it('a misspelt command or option is answered with the nearest one', async () => {
  const command = await fleetCommand('reherse');
  expect(command).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('Did you mean rehearse?') });
  expect(await fleetCommand('tag', 'x', '--plam')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('Did you mean --plan?'),
  });
});
