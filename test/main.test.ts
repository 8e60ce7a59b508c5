import { generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { delimiter, dirname, join, relative } from 'node:path';
import { parseEnv } from 'node:util';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startLocalGitHub } from '../src/local-github/server.ts';
import { freePort } from '../src/rehearse/start-app.ts';
import { COMPILE_CACHE } from './compile-cache.ts';
import { endAll, processTree } from './process-tree.ts';
import { givenFolder, write } from './rehearse/given-folder.ts';

const ROOT = join(import.meta.dirname, '..');
const MAIN = join(ROOT, 'src', 'main.ts');
const PATH = [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter);
const KEY = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

/** Everything that `npm start` needs, in a new data directory; nothing answers as GitHub. */
const configured = (change: Record<string, string> = {}) => ({
  APP_ID: '1',
  PRIVATE_KEY: KEY,
  WEBHOOK_SECRET: 'a secret of this test alone',
  GHE_HOST: '127.0.0.1:9',
  GHE_PROTOCOL: 'http',
  PORT: '0',
  FLEET_DATA_DIR: join(givenFolder(), 'data'),
  FLEET_SETTINGS: write(join(givenFolder(), 'operator.yml'), 'sandbox: off\n'),
  ...change,
});

/** In an empty folder, so that no .env of this checkout speaks. */
function startMain(env: Record<string, string>, cwd = givenFolder()) {
  const options = {
    cwd,
    env: { PATH, ...COMPILE_CACHE, ...env },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  } as const;
  const child = execa(process.execPath, [MAIN], { ...options, timeout: 60_000 });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Until the page answers, or the process is gone. */
async function answers(url: string, child: PromiseLike<{ stdout?: unknown; stderr?: unknown }>): Promise<Response> {
  let ended = '';
  child.then(({ stdout, stderr }) => {
    ended = `it ended: ${stdout} ${stderr}`;
  });
  for (;;) {
    const response = await fetch(url).catch(() => undefined);
    if (response !== undefined) return response;
    if (ended !== '') throw new Error(ended);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a start', () => {
  it.each([
    ['without a webhook secret', { WEBHOOK_SECRET: '' }, 'WEBHOOK_SECRET is missing', 'openssl rand -hex 32'],
    ["with Probot's public default", { WEBHOOK_SECRET: 'development' }, 'WEBHOOK_SECRET is', 'openssl rand -hex 32'],
    [
      'without bubblewrap',
      { FLEET_SETTINGS: '', PATH: '/nonexistent' },
      'There is no sandbox for workflows and agents: bubblewrap (bwrap) is not installed',
      'sudo apt-get install bubblewrap',
    ],
    ['with a settings file that is not there', { FLEET_SETTINGS: '/no/such.yml' }, '/no/such.yml', 'Correct the path'],
  ])(
    '%s is refused with status 1, the variable and what to do, and leaves nothing',
    async (_, change, what, remedy) => {
      const env = configured(change);
      const { exitCode, stderr } = await startMain(env);
      expect(exitCode).toBe(1);
      expect(stderr).toContain(what);
      expect(stderr).toContain(remedy);
      expect(stderr).not.toContain('    at ');
      expect(stderr).not.toContain('PRIVATE KEY-----');
      expect(existsSync(env.FLEET_DATA_DIR)).toBe(false);
    },
  );

  it('with a fault in the settings file is refused with its line and column', async () => {
    const file = write(join(givenFolder(), 'operator.yml'), 'confirm_over: 25\nkeep_workspace: all\n');
    const { exitCode, stderr } = await startMain(configured({ FLEET_SETTINGS: file }));
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`${file}:2:1`);
    expect(stderr).toContain('Did you mean `keep_workspaces`?');
  });

  it("without an agent's model key is refused and names agent, key and variable", async () => {
    const api = '{ url: https://api.example.com, key_from: MODEL_KEY_OF_THIS_TEST }';
    const agents = `agents:\n  cleaner: { command: agent, model_api: ${api} }\n`;
    const file = write(join(givenFolder(), 'operator.yml'), agents);
    const env = configured({ FLEET_SETTINGS: file });
    const { exitCode, stderr } = await startMain(env);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('`key_from` of `agents.cleaner.model_api` names MODEL_KEY_OF_THIS_TEST, which is not set');
    expect(existsSync(env.FLEET_DATA_DIR)).toBe(false);
  });

  it('without the token for metrics, or with nowhere to listen for them, is refused and says what to correct', async () => {
    const settings = (metrics: string) =>
      configured({ FLEET_SETTINGS: write(join(givenFolder(), 'operator.yml'), `sandbox: off\nmetrics: ${metrics}\n`) });
    const tokenless = settings('{ token_from: TOKEN_OF_THIS_TEST }');
    const unset = await startMain(tokenless);
    expect([unset.exitCode, unset.stderr]).toEqual([
      1,
      expect.stringContaining('`metrics.token_from` names TOKEN_OF_THIS_TEST, which is not set'),
    ]);
    expect(existsSync(tokenless.FLEET_DATA_DIR)).toBe(false);
    const taken = await startMain(settings('{ listen: "192.0.2.1:9464" }'));
    expect([taken.exitCode, taken.stderr]).toEqual([
      1,
      expect.stringContaining('`metrics.listen` names 192.0.2.1:9464, where nothing can listen: listen EADDRNOTAVAIL'),
    ]);
  });

  it('without a variable of notifications, or with an address that may not be told, is refused', async () => {
    const notify =
      'sandbox: off\nnotify: { hosts: [hooks.example.com], secret_from: SECRET_OF_IT, webhook_from: WEBHOOK_OF_IT }\n';
    const file = write(join(givenFolder(), 'operator.yml'), notify);
    const env = configured({ FLEET_SETTINGS: file, WEBHOOK_OF_IT: 'https://other.example.com/services/hidden' });
    const { exitCode, stderr } = await startMain(env);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('`notify.secret_from` names SECRET_OF_IT, which is not set');
    expect(stderr).toContain('leads to other.example.com, which `notify.hosts` does not list');
    expect(stderr).not.toContain('hidden');
    expect(existsSync(env.FLEET_DATA_DIR)).toBe(false);
  });

  it('on a port that is taken ends with status 1 and says so', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const address = other.address();
    const port = String(typeof address === 'object' && address !== null ? address.port : 0);
    try {
      const { exitCode, stderr } = await startMain(configured({ PORT: port }));
      expect([exitCode, stderr]).toEqual([
        1,
        expect.stringContaining(`EADDRINUSE: address already in use 127.0.0.1:${port}`),
      ]);
    } finally {
      await new Promise((resolve) => other.close(resolve));
    }
  });
});

describe('a running process', () => {
  it('is named by a second one on its data directory, and ends with status 0 on SIGTERM', async () => {
    const port = await freePort();
    const env = configured({ PORT: String(port) });
    const first = startMain(env);
    await answers(`http://127.0.0.1:${port}/healthz`, first);

    const second = await startMain({ ...env, PORT: '0' });
    expect(second.exitCode).toBe(1);
    expect(second.stderr).toContain(`The data directory ${env.FLEET_DATA_DIR} is in use by process ${first.pid}`);
    expect(second.stderr).toContain('another FLEET_DATA_DIR');

    const asked = performance.now();
    first.kill('SIGTERM');
    const { exitCode, stdout } = await first;
    expect(exitCode).toBe(0);
    expect(performance.now() - asked).toBeLessThan(5_000);
    expect(stdout).toContain('`sandbox: off`: workflows and agents run WITHOUT A SANDBOX');
    expect(stdout, 'no control repository is named').toContain('everybody who can write to any repository');
    expect(stdout).toContain('under control_repositories in the file of FLEET_SETTINGS');

    const third = startMain(env);
    await answers(`http://127.0.0.1:${port}/healthz`, third);
    third.kill('SIGINT');
    expect((await third).exitCode, 'the directory is free again').toBe(0);
  }, 60_000);

  it('that npm started is the one that npm stops', async () => {
    const port = await freePort();
    const env = { PATH, ...COMPILE_CACHE, ...configured({ PORT: String(port) }) };
    const npm = execa('npm', ['start'], { cwd: ROOT, env, reject: false, stdin: 'ignore', timeout: 60_000 });
    onTestFinished(() => endAll(npm.pid === undefined ? [] : processTree(npm.pid)));
    await answers(`http://127.0.0.1:${port}/healthz`, npm);
    npm.kill('SIGTERM');
    await npm;
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow('fetch failed');
  });
});

describe('a process with metrics', () => {
  it('tells them on a listener of its own and, with the token, on its port, and ends on SIGTERM', async () => {
    const [port, listen] = [await freePort(), await freePort()];
    const text = `sandbox: off\nmetrics: { listen: "127.0.0.1:${listen}", token_from: TOKEN_OF_THIS_TEST }\n`;
    const token = '0123456789abcdef0123456789abcdef';
    const child = startMain(
      configured({
        PORT: String(port),
        TOKEN_OF_THIS_TEST: token,
        FLEET_SETTINGS: write(join(givenFolder(), 'operator.yml'), text),
      }),
    );
    await answers(`http://127.0.0.1:${port}/healthz`, child);
    const own = await (await fetch(`http://127.0.0.1:${listen}/metrics`)).text();
    expect(own).toMatch(/^flotilla_build_info\{version="\d+\.\d+\.\d+"\} 1$/m);
    expect(own).toContain('flotilla_sandbox_info{mode="off",boxed="false"} 1');
    expect(own).toMatch(/^process_cpu_seconds_total \d/m);
    expect(own).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m);
    const withToken = await fetch(`http://127.0.0.1:${port}/metrics`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const without = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect([withToken.status, without.status]).toEqual([200, 401]);
    await Promise.all([withToken.text(), without.text()]);
    child.kill('SIGTERM');
    const { exitCode, stdout } = await child;
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Metrics are at http://127.0.0.1:${listen}/metrics`);
    expect(stdout).not.toContain(token);
  });
});

describe('a process that has things to keep', () => {
  it('ends after its drain although something in it would go on, and leaves nothing that others can read', async () => {
    const port = await freePort();
    const dataDir = join(givenFolder(), 'data');
    mkdirSync(dataDir, { mode: 0o755 });
    const goOn = `data:text/javascript,${encodeURIComponent('setInterval(() => {}, 1_000_000)')}`;
    const settings = write(
      join(givenFolder(), 'operator.yml'),
      'sandbox: off\ncontrol_repositories: [acme/platform]\n',
    );
    const change = { PORT: String(port), FLEET_DATA_DIR: dataDir, NODE_OPTIONS: `--import=${goOn}` };
    const env = configured({ ...change, FLEET_SETTINGS: settings });
    const child = startMain(env);
    await answers(`http://127.0.0.1:${port}/healthz`, child);
    const modes = [dataDir, ...readdirSync(dataDir).map((name) => join(dataDir, name))].map(
      (path) => `${relative(dataDir, path)} ${(statSync(path).mode & 0o077).toString(8)}`,
    );
    expect(modes).toContain('flotilla.db 0');
    expect(modes.filter((mode) => !mode.endsWith(' 0'))).toEqual([]);
    child.kill('SIGTERM');
    const { exitCode, signal, stdout } = await child;
    expect([exitCode, signal]).toEqual([0, undefined]);
    expect(stdout, 'who may run commands is written down').not.toContain('everybody who can write to any repository');
    expect(stdout).not.toContain('under control_repositories in the file of FLEET_SETTINGS');
  });
});

describe('without any configuration', () => {
  it('the form of the setup page and the way back from GitHub write the .env of a new app, and SIGTERM ends it', async () => {
    const github = await startLocalGitHub({ dataDir: givenFolder() });
    onTestFinished(() => github.close());
    await github.seed({ users: [{ login: 'mona' }], organizations: [{ login: 'acme', members: ['mona'] }] });
    const cwd = givenFolder();
    const port = await freePort();
    const manifestFile = readFileSync(join(ROOT, 'app.yml'), 'utf8');
    write(
      join(cwd, 'app.yml'),
      manifestFile.replace('https://flotilla.example.com/api', `http://127.0.0.1:${port}/api`),
    );
    const { host } = new URL(github.url);
    const setup = startMain({ PORT: String(port), GHE_HOST: host, GHE_PROTOCOL: 'http', GH_ORG: 'acme' }, cwd);
    const origin = `http://127.0.0.1:${port}`;
    const answer = await answers(`${origin}/probot`, setup);
    expect(answer.status).toBe(200);
    const page = await answer.text();
    expect(page).toContain('/settings/apps/new');
    const [, action] = page.match(/<form action="([^"]+)"/) ?? [];
    const [, manifest] = page.match(/id="manifest" value='([^']+)'/) ?? [];
    const body = new URLSearchParams({ manifest: manifest ?? '' });
    const confirmed = await fetch(action ?? '', { method: 'POST', body, headers: { origin }, redirect: 'manual' });
    const back = await fetch(confirmed.headers.get('location') ?? '', { redirect: 'manual' });
    expect([back.status, back.headers.get('location')]).toEqual([302, expect.stringContaining('/installations/new')]);
    const env = parseEnv(readFileSync(join(cwd, '.env'), 'utf8'));
    expect(env.PRIVATE_KEY).toContain('PRIVATE KEY-----');
    setup.kill('SIGTERM');
    const { exitCode, stdout } = await setup;
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Open ${origin}/probot to make the GitHub App`);
    expect(stdout).toContain(`"app":"${env.APP_ID}"`);
  });
});
