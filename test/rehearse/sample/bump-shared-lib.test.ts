import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { writeSample } from '../../../src/rehearse/sample/write-sample.ts';

const workflow = z
  .object({
    only_if: z.string(),
    nodes: z.array(z.object({ id: z.string(), bash: z.string().optional(), script: z.string().optional() })),
  })
  .parse(parse(await readFile(new URL('../../../workflows/bump-shared-lib.yml', import.meta.url), 'utf8')));

const nodeOf = (id: string) => workflow.nodes.find((node) => node.id === id);

let root: string;
let sample: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'bump-'));
  sample = join(root, 'acme');
  await writeSample(sample);
});

afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

const bash = (script: string, cwd: string) => run('bash', ['-c', script], cwd);
const bump = (cwd: string) => run('node', ['--input-type=module', '-e', nodeOf('bump')?.script ?? ''], cwd);
const testsOf = (cwd: string) => bash(nodeOf('test')?.bash ?? '', cwd);

/** As the worker runs a node: nothing inherited but PATH. */
function run(command: string, args: readonly string[], cwd: string) {
  return execa(command, args, {
    cwd,
    env: { PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`, HOME: root, INPUTS_VERSION: '2.0' },
    extendEnv: false,
    reject: false,
    all: true,
  });
}

test('of the 8 services 6 pass with 2.0, of which billing only after a repair, gateway fails and catalog is there already', async () => {
  const names = ['api', 'auth', 'billing', 'catalog', 'gateway', 'notifications', 'search', 'worker'];
  const outcomes: Record<string, string> = {};
  for (const name of names) {
    const cwd = join(sample, `service-${name}`);
    expect((await bash(workflow.only_if, cwd)).exitCode).toBe(0);
    if (name === 'billing' || name === 'gateway') {
      expect((await testsOf(cwd)).exitCode, `${name} is green before the bump`).toBe(0);
    }
    expect((await bump(cwd)).exitCode).toBe(0);
    const diff = await execa('git', ['diff', '--numstat'], { cwd });
    const tests = await testsOf(cwd);
    outcomes[name] = `${diff.stdout.replaceAll('\t', ' ') || 'no diff'}, ${tests.exitCode === 0 ? 'green' : 'red'}`;
  }
  const green = '1 1 package.json, green';
  const red = '1 1 package.json, red';
  expect(outcomes).toEqual({
    api: green,
    auth: green,
    billing: red,
    catalog: 'no diff, green',
    gateway: red,
    notifications: green,
    search: green,
    worker: green,
  });
});

async function bumped(manifest: string): Promise<{ text: string; output: string }> {
  const cwd = await mkdtemp(join(root, 'package-'));
  await writeFile(join(cwd, 'package.json'), manifest);
  const result = await bump(cwd);
  expect(result.exitCode, result.all).toBe(0);
  return { text: await readFile(join(cwd, 'package.json'), 'utf8'), output: result.all };
}

test('a bump keeps tabs, one-line lists, order and the missing newline at the end', async () => {
  const before = '{\n\t"files": ["a", "b"],\n\t"devDependencies": { "@acme/shared" : "^1.0.0", "z": "1" }\n}';
  expect((await bumped(before)).text).toBe(before.replace('^1.0.0', '2.0'));
});

test('a bump leaves other places that name the library alone', async () => {
  const before = '{\n    "dependencies": { "@acme/shared": "1.0" },\n    "overrides": { "@acme/shared": "1.0" }\n}\n';
  const { text } = await bumped(before);
  expect(JSON.parse(text)).toEqual({ dependencies: { '@acme/shared': '2.0' }, overrides: { '@acme/shared': '1.0' } });
  expect(text).toMatch(/^\{\n {4}"dependencies"[\s\S]*\}\n$/);
});

test('a package that names the library without depending on it stays as it is, with a clear message', async () => {
  const before = '{ "name": "@acme/shared" }\n';
  const { text, output } = await bumped(before);
  expect(text).toBe(before);
  expect(output).toBe('package.json does not depend on @acme/shared: nothing to bump');
});

test('a repository without package.json is not applicable', async () => {
  expect((await bash(workflow.only_if, join(sample, 'handbook'))).exitCode).toBe(1);
});
