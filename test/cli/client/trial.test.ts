import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../../src/rehearse/start-app.ts';
import { watchedProcess } from '../../contract/watch/watched-process.ts';
import { endAll, processTree } from '../../process-tree.ts';
import { givenFolder, write } from '../../rehearse/given-folder.ts';
import { client } from './client-command.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');

/** A program of this checkout in a terminal of its own, until something answers at the address. */
async function terminal(args: readonly string[], env: Record<string, string>, address: string): Promise<void> {
  const options = { cwd: givenFolder(), env: { ...watchedProcess(), ...env }, reject: false, stdin: 'ignore' } as const;
  const child = execa(process.execPath, args, { ...options, all: true });
  let ended: string | undefined;
  void child.then(({ all }) => {
    ended = all;
  });
  onTestFinished(async () => {
    const tree = child.pid === undefined ? [] : processTree(child.pid);
    child.kill('SIGTERM');
    await child;
    endAll(tree);
  });
  while ((await fetch(address).catch(() => undefined)) === undefined) {
    if (ended !== undefined) throw new Error(`it ended: ${ended}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Both servers of the README, on ports of their own. */
async function trial() {
  const folder = givenFolder();
  const port = String(await freePort());
  const readme = readFileSync(join(ROOT, 'docs', 'examples', 'local-github.yml'), 'utf8');
  const seed = write(join(folder, 'seed.yml'), readme.replace('127.0.0.1:3000', `127.0.0.1:${port}`));
  const data = join(folder, 'github');
  const gitHubPort = String(await freePort());
  const local = ['local-github', '--port', gitHubPort, '--data', data, '--seed', seed];
  await terminal([join(ROOT, 'bin', 'fleet.js'), ...local], {}, `http://127.0.0.1:${gitHubPort}/`);
  await terminal(
    [join(ROOT, 'src', 'main.ts')],
    {
      ...{ APP_ID: '1', PRIVATE_KEY_PATH: join(data, 'app.pem'), WEBHOOK_SECRET: 'local-secret' },
      ...{ GHE_HOST: `127.0.0.1:${gitHubPort}`, GHE_PROTOCOL: 'http', HOST: '127.0.0.1', PORT: port },
      ...{ GITHUB_CLIENT_ID: 'Iv23liLocalFlotilla0', GITHUB_CLIENT_SECRET: 'local-client-secret-of-flotilla' },
      FLEET_DATA_DIR: join(folder, 'data'),
      FLEET_SETTINGS: write(join(folder, 'operator.yml'), 'sandbox: off\n'),
    },
    `http://127.0.0.1:${port}/healthz`,
  );
  const token = /app_token: (ghu_\w+)/.exec(readme)?.[1] ?? '';
  return { FLEET_URL: `http://127.0.0.1:${port}`, FLEET_TOKEN: token, FLEET_CONTROL: 'acme/platform' };
}

test("from a shell, against `npm start` and the README's local GitHub, a list of repositories becomes pull requests", async () => {
  const env = await trial();
  const cwd = givenFolder();
  write(join(cwd, 'repos.csv'), 'repository\nacme/service-api\nacme/service-worker\n');
  const args = ['submit', '--repos-file', 'repos.csv', '--workflow', 'bump-shared-lib', 'version=2.0', '--wait'];
  const { exitCode, stdout, stderr } = await client(args, { env, cwd });
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/bump-shared-lib {2}completed {2}2\/2$/m);
  expect(stdout).toMatch(/✓ acme\/service-api +changed +http:\S+\/pull\/1$/m);
  expect(stdout).toMatch(/^Tracking issue: http/m);
});
