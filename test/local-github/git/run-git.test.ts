import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const SMART_HTTP = JSON.stringify(join(ROOT, 'src', 'local-github', 'git', 'smart-http.ts'));
const RUN_GIT = JSON.stringify(join(ROOT, 'src', 'local-github', 'git', 'run-git.ts'));
const GIVEN_GITHUB = JSON.stringify(join(ROOT, 'test', 'local-github', 'given-github.ts'));

/** Runs a module in a process that may have so many files open, and reads what it printed. */
async function withFiles(most: number, script: string): Promise<unknown> {
  const node = `ulimit -n ${most} && exec '${process.execPath}' --input-type=module-typescript -e "$SCRIPT"`;
  const { exitCode, stdout, stderr } = await execa('sh', ['-c', node], { reject: false, env: { SCRIPT: script } });
  expect(exitCode, stderr).toBe(0);
  return JSON.parse(stdout);
}

test('without a file descriptor left git fails, and works again when there is one', async () => {
  const script = `
import { closeSync, openSync } from 'node:fs';
import { runGit } from ${RUN_GIT};
import { serveSmartHttp } from ${SMART_HTTP};
const asked = { service: 'git-upload-pack', gitDirectory: '/nowhere', body: null, headers: {}, env: {}, log: () => undefined };
const serve = () => serveSmartHttp(asked).then(({ status }) => status, (error) => error.code);
const taken = [];
try {
  for (;;) taken.push(openSync('/dev/null'));
} catch {}
const failure = await runGit(null, ['version']).then(() => 'no failure', (error) => error.code);
const served = await serve();
for (const descriptor of taken) closeSync(descriptor);
const { stdout } = await runGit(null, ['version']);
console.log(JSON.stringify([failure, served, stdout.toString().slice(0, 11), await serve()]));
`;
  expect(await withFiles(200, script)).toEqual(['EMFILE', 'EMFILE', 'git version', 200]);
});

test('a tree of many files and folders needs few file descriptors', async () => {
  const script = `
import { givenGitHub, repositories } from ${GIVEN_GITHUB};
const world = await givenGitHub([{ login: 'acme', repositories: repositories('alpha') }]);
const post = (tree) => world.api('POST', '/repos/acme/alpha/git/trees', { body: { tree } });
const { json } = await post([{ path: 'a', mode: '100644', content: 'a' }]);
const folders = Array.from({ length: 40 }, (_, count) => ({ path: 'd' + count, mode: '040000', sha: json.sha }));
const files = Array.from({ length: 40 }, (_, count) => ({ path: 'f' + count, mode: '100644', content: 'f' + count }));
const { status } = await post([...folders, ...files]);
await world.close();
console.log(JSON.stringify(status));
`;
  expect(await withFiles(120, script)).toBe(201);
});
