import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { givenFolder, write } from '../rehearse/given-folder.ts';
import { fleetCommand } from './fleet-command.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SCRIPTED = join(ROOT, 'test', 'platform', 'agent', 'scripted-agent.ts');
const READ = ['test', 'node_modules', 'package.json'].map((path) => join(ROOT, path));

const scripted = (behaviour: string, more = ''): string =>
  `{ command: ${process.execPath}, args: [${SCRIPTED}, ${behaviour}], read: [${READ.join(', ')}]${more} }`;

function given(agents: Readonly<Record<string, string>>): string {
  const lines = Object.entries(agents).map(([name, agent]) => `  ${name}: ${agent}\n`);
  return write(join(givenFolder(), 'operator.yml'), `sandbox: optional\nagents:\n${lines.join('')}`);
}

const check = (...words: string[]) => fleetCommand('agents', 'check', ...words);

const printed = z.object({
  sandbox: z.boolean(),
  agents: z.array(z.looseObject({ name: z.string(), ok: z.boolean(), problem: z.string().nullable() })),
});

it('says of each agent what it is and which models it offers, and asks no model', async () => {
  const file = given({ one: scripted('options', ', model: fake/large'), two: scripted('models') });
  const { exitCode, stdout, stderr } = await check('--settings', file, '--json');
  expect(exitCode, stderr).toBe(0);
  const models = ['fake/small', 'fake/large', 'fake/stubborn'];
  const self = { ok: true, agent: 'scripted 1', protocol_version: 1, models, problem: null };
  expect(printed.parse(JSON.parse(stdout)).agents).toMatchObject([
    { name: 'one', ...self, model: 'fake/large' },
    { name: 'two', ...self, model: 'fake/small' },
  ]);
});

it('ends with status 1 where one agent does not work, and says of each what is wrong and what to do', async () => {
  const file = given({
    fine: scripted('happy'),
    login: scripted('login'),
    missing: '{ command: no-such-agent }',
    model: scripted('options', ', model: fake/huge'),
    keyless: scripted('happy', ', env_from: [OTHER], model_api: { url: "https://api.example.com", key_from: NOT_SET }'),
  });
  const { exitCode, stdout } = await check('--settings', file);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('✓ fine  scripted 1, protocol 1');
  expect(stdout).toContain('✗ login  scripted 1, protocol 1');
  expect(stdout).toContain('could not open a session: Log in first (-32000)');
  expect(stdout).toContain('✗ missing  did not start');
  expect(stdout).toMatch(/remedy {4}In its box are the system's programs/);
  expect(stdout).toContain('scripted 1 has no model "fake/huge"; it offers "fake/small"');
  expect(stdout).toContain(
    "`key_from` of `agents.keyless.model_api` names NOT_SET, which is not set in the server's environment.",
  );
});

it.each([
  [
    ['--settings', '/nowhere/operator.yml'],
    '--settings names a file that cannot be read (ENOENT): /nowhere/operator.yml',
  ],
  [[], 'FLEET_SETTINGS names a file that cannot be read (ENOENT): /nowhere.'],
])('ends with status 1 and a sentence without a stack for %j', async (words, sentence) => {
  const { exitCode, stdout, stderr } = await check(...words);
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toContain(sentence);
  expect(stderr).not.toContain('    at ');
});

it('shows a fault of the settings at its line', async () => {
  const { exitCode, stderr } = await check('--settings', given({ one: '{ comand: x }' }));
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/operator\.yml:3:\d+/);
  expect(stderr).toContain('comand');
});
