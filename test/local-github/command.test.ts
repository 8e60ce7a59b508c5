import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { parseWorkflow } from '../../src/core/workflow/parse-workflow.ts';
import { runLocalGitHub } from '../../src/local-github/command.ts';
import { CommandError } from '../../src/local-github/command-error.ts';
import { startLocalGitHub } from '../../src/local-github/server.ts';
import { smallWorldCommand } from '../../src/local-github/small-world.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'local-github-command-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const program = `
  import { runLocalGitHub } from ${JSON.stringify(new URL('../../src/local-github/command.ts', import.meta.url).href)};
  const [data, seedFile] = process.argv.slice(1);
  await runLocalGitHub({ port: 0, data, seedFile }, (line) => process.stdout.write(line + '\\n'));
`;

/** Runs the command until it has printed its example, asks it something, and stops it. */
async function serve(
  seedFile: string | undefined,
  ask: (url: string, lines: string[]) => Promise<void>,
): Promise<number | null> {
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-e', program, join(directory, 'data'), ...(seedFile === undefined ? [] : [seedFile])],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise<number | null>((done) => child.on('close', done));
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line.startsWith('Try')) break;
  }
  const url = lines.join('\n').match(/http:\/\/127\.0\.0\.1:\d+/)?.[0] ?? '';
  await ask(url, lines).finally(() => child.kill('SIGTERM'));
  return ended;
}

test('the command serves a seed file, says how to connect, and keeps its state over a restart', async () => {
  const seedFile = join(directory, 'seed.yml');
  await writeFile(
    seedFile,
    `app: { id: 9, webhook_secret: shh }
users: [{ login: octocat, token: ghp_fixed, app_token: ghu_${'a'.repeat(36)} }]
organizations:
  - login: acme
    repositories:
      - { name: platform, collaborators: { octocat: admin }, files: { a: b }, issues: [{ title: Start }] }
`,
  );
  const issues = (url: string) => `${url}/api/v3/repos/acme/platform/issues`;
  const headers = { authorization: 'token ghp_fixed' };
  const status = await serve(seedFile, async (url, lines) => {
    expect(lines.join('\n')).toMatch(
      /APP_ID=9[\s\S]*PRIVATE_KEY_PATH=.*app\.pem[\s\S]*WEBHOOK_SECRET=shh[\s\S]*GITHUB_CLIENT_ID=Iv23li\w{14} GITHUB_CLIENT_SECRET=[0-9a-f]{40}[\s\S]*octocat ghp_fixed[\s\S]*octocat ghu_a{36}/,
    );
    const made = await fetch(issues(url), { method: 'POST', headers, body: JSON.stringify({ title: 'Second' }) });
    expect(made.status).toBe(201);
  });
  expect(status).toBe(0);
  await serve(seedFile, async (url) => {
    const listed = await fetch(issues(url), { headers });
    expect(await listed.json()).toMatchObject([{ title: 'Second' }, { title: 'Start' }]);
  });
});

test.each([
  ['a seed file that is not there', undefined, 'ENOENT'],
  ['broken YAML', 'users: [', 'seed.yml: Flow sequence'],
  [
    'webhooks that leave the machine',
    'app: { webhook_url: https://smee.io/x }',
    'app.webhook_url: must be on this mach',
  ],
  ['a copy of nothing', 'organizations: [{ login: a, repositories: [{ name: b, from: no }] }]', 'a/b cannot be seeded'],
])('%s is told as something that a person can mend', async (_, text, problem) => {
  const seedFile = join(directory, 'seed.yml');
  if (text !== undefined) await writeFile(seedFile, text);
  const ended = runLocalGitHub({ port: 0, data: join(directory, 'data'), seedFile }, () => undefined);
  await expect(ended).rejects.toThrow(problem);
  await expect(ended).rejects.toBeInstanceOf(CommandError);
});

test('without a seed there is a small world, in which a command has something to do', async () => {
  const data = join(directory, 'data');
  await serve(undefined, async (_, lines) => {
    expect(lines.at(-1)).toContain(`{"body":"${smallWorldCommand}"}`);
  });
  const github = await startLocalGitHub({ dataDir: data });
  try {
    const { repositories } = github.context.state;
    expect(repositories.where(({ topics }) => topics.includes('platform-my-app')).map(({ name }) => name)).toEqual([
      'service-api',
      'service-worker',
    ]);
    const file = '.github/fleet/set-version.yml';
    const read = await fetch(`${github.url}/api/v3/repos/acme/platform/contents/${file}`, {
      headers: { authorization: `token ${github.tokens.octocat}`, accept: 'application/vnd.github.raw+json' },
    });
    expect(parseWorkflow(await read.text(), file)).toMatchObject({ ok: true, workflow: { name: 'set-version' } });
  } finally {
    await github.close();
  }
});
