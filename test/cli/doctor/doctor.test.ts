import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { checkNode, judgeGit } from '../../../src/cli/doctor/check-machine.ts';
import { freePort } from '../../../src/rehearse/start-app.ts';
import { watchedProcess } from '../../contract/watch/watched-process.ts';
import { givenFolder, write } from '../../rehearse/given-folder.ts';
import { openProcessWorld } from '../../story/process-world.ts';

const BIN = join(import.meta.dirname, '..', '..', '..', 'bin', 'fleet.js');
const printed = z.object({
  ok: z.boolean(),
  faults: z.number(),
  warnings: z.number(),
  findings: z.array(
    z.object({ check: z.string(), state: z.string(), what: z.string(), remedy: z.string().nullable() }),
  ),
});

/** In an empty folder, so that no .env of this checkout speaks. */
function doctor(env: Record<string, string>, ...words: string[]) {
  const path = process.env.PATH ?? '';
  const options = { cwd: givenFolder(), env: { PATH: path, ...watchedProcess(), ...env }, extendEnv: false } as const;
  return execa(process.execPath, [BIN, 'doctor', ...words], {
    ...options,
    reject: false,
    stdin: 'ignore',
    timeout: 60_000,
  });
}

async function findings(env: Record<string, string>) {
  const { exitCode, stdout, stderr } = await doctor(env, '--json');
  expect(stderr).toBe('');
  const { findings, ...rest } = printed.parse(JSON.parse(stdout));
  const of = (check: string) => findings.filter((finding) => finding.check === check);
  return { exitCode, stdout, of, ...rest };
}

const world = () => openProcessWorld({ files: {}, repositories: [] });

describe('fleet doctor beside a server that is in order', () => {
  it('finds no fault, ends with status 0, shows no secret and changes nothing', async () => {
    const { startApp, environment, dataDir } = await world();
    await startApp();
    const names = () => readdirSync(dataDir, { recursive: true }).toSorted();
    const before = names();
    const env = environment();
    const found = await findings(env);
    expect(found, found.stdout).toMatchObject({ exitCode: 0, ok: true, faults: 0 });
    expect(names()).toEqual(before);
    expect(found.of('server')[0]?.what).toMatch(/^A server runs and answers: process \d+/);
    expect(found.of('github')).toMatchObject([{ state: 'ok', what: expect.stringContaining('flotilla') }]);
    expect(found.of('clock')).toMatchObject([{ state: 'ok' }]);
    expect(found.of('permissions')).toMatchObject([{ state: 'ok' }]);
    expect(found.of('installations')).toMatchObject([{ what: 'In order where it is installed: acme.' }]);
    expect(found.of('webhook')).toMatchObject([{ state: 'ok' }]);
    expect(found.of('sandbox')).toMatchObject([{ state: 'warning', what: expect.stringContaining('`sandbox: off`') }]);
    const text = (await doctor(env)).stdout;
    expect(text).toMatch(/^✓ A server runs and answers/m);
    expect(text).toMatch(/^! `sandbox: off`.*\n {2}→ Take it out/m);
    for (const secret of [env.WEBHOOK_SECRET, readFileSync(env.PRIVATE_KEY_PATH, 'utf8').slice(100, 140)]) {
      expect(found.stdout + text).not.toContain(secret);
    }
  }, 60_000);

  it('says when deliveries are refused for a wrong secret', async () => {
    const { startApp, environment, comment } = await world();
    const server = await startApp(undefined, { WEBHOOK_SECRET: 'not the one of the app' });
    await comment('/fleet help');
    await expect
      .poll(async () => (await findings(environment())).of('deliveries')[0]?.remedy, { timeout: 30_000 })
      .toContain('WEBHOOK_SECRET');
    await server.stop();
  }, 60_000);
});

describe('fleet doctor where something is wrong', () => {
  it('ends with status 1 and names every fault with what to do', async () => {
    const { environment } = await world();
    const settings = write(join(givenFolder(), 'operator.yml'), 'confirm_over: 25\nkeep_workspace: all\n');
    const found = await findings({ ...environment(), FLEET_SETTINGS: settings, WEBHOOK_SECRET: '', PORT: 'x' });
    expect(found.exitCode).toBe(1);
    expect(found.of('configuration').map(({ what }) => what)).toEqual([
      'PORT is not a port number.',
      expect.stringContaining('WEBHOOK_SECRET is missing'),
    ]);
    expect(found.of('settings')[0]?.what).toMatch(/operator\.yml:2:1[\s\S]*Did you mean `keep_workspaces`\?/);
  });

  it('names the keys and variables that are not set, and agents that are not there', async () => {
    const { environment } = await world();
    const api = '{ url: https://api.example.com, key_from: MODEL_KEY_OF_THIS_TEST }';
    const agents = `sandbox: off\nagents:\n  one: { command: no-such-agent, env_from: [NOT_SET], model_api: ${api} }\n`;
    const notify = 'notify: { secret_from: NOTIFY_OF_THIS_TEST }\n';
    const settings = write(join(givenFolder(), 'operator.yml'), agents + notify);
    const found = await findings({ ...environment(), FLEET_SETTINGS: settings });
    expect(found.of('settings').map(({ state, what }) => [state, what])).toEqual([
      ['fault', expect.stringContaining('names MODEL_KEY_OF_THIS_TEST, which is not set')],
      ['fault', expect.stringContaining('names NOTIFY_OF_THIS_TEST, which is not set')],
      ['warning', '`env_from` of the agent one names what is not set here: NOT_SET.'],
    ]);
    expect(found.of('agents')).toMatchObject([{ state: 'warning', what: 'The agent one: there is no no-such-agent.' }]);
  });

  it('tells an app that GitHub does not know, and a GitHub that does not answer', async () => {
    const { environment } = await world();
    const unknown = await findings({ ...environment(), APP_ID: '4711' });
    expect(unknown.of('github')).toMatchObject([
      { state: 'fault', remedy: expect.stringContaining('APP_ID and the private key belong to one app') },
    ]);
    const silent = await findings({ ...environment(), GHE_HOST: `127.0.0.1:${await freePort()}` });
    expect(silent.of('github')).toMatchObject([{ state: 'fault', remedy: expect.stringContaining('DNS, firewall') }]);
  });

  it('tells a stopped server from another program on its port', async () => {
    const { environment } = await world();
    const env = environment();
    expect((await findings(env)).of('server')).toMatchObject([{ state: 'warning' }]);
    const other = createServer((_, response) => response.end('hello'));
    await new Promise<void>((resolve) => other.listen(Number(env.PORT), '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    expect((await findings(env)).of('server')).toMatchObject([
      { state: 'fault', what: expect.stringContaining('something answers on') },
    ]);
  });

  it('warns of a data directory and a key that others can read, and makes none that is not there', async () => {
    const { environment, dataDir, folder } = await world();
    const env = environment();
    chmodSync(dataDir, 0o755);
    chmodSync(env.PRIVATE_KEY_PATH, 0o644);
    const open = await findings(env);
    expect(open.of('data-directory')).toMatchObject([
      { state: 'warning', remedy: expect.stringContaining('chmod 700') },
    ]);
    expect(open.of('private-files')).toMatchObject([
      { state: 'warning', remedy: expect.stringContaining('chmod 600') },
    ]);
    const absent = join(folder, 'not', 'there');
    expect((await findings({ ...env, FLEET_DATA_DIR: absent })).of('data-directory')).toMatchObject([{ state: 'ok' }]);
    expect(existsSync(join(folder, 'not'))).toBe(false);
  });

  it.each([
    ['v20.1.0'.slice(1), 'fault'],
    ['24.0.0', 'ok'],
  ])('judges Node %s as %s', (version, state) => {
    expect(checkNode(version).state).toBe(state);
  });

  it.each([
    ['git version 2.31.9', 'fault'],
    ['git version 2.32.0 (Apple Git-1)', 'ok'],
    ['git version 3.0', 'ok'],
    ['nothing', 'fault'],
  ])('judges %s as %s', (said, state) => {
    expect(judgeGit(said).state).toBe(state);
  });
});
