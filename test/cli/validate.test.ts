import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { givenFolder, write } from '../rehearse/given-folder.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const BIN = join(ROOT, 'bin', 'fleet.js');
const BROKEN = relative(ROOT, join(import.meta.dirname, '..', 'core', 'workflow', 'broken'));

const faultsSchema = z.array(
  z.strictObject({
    file: z.string(),
    line: z.number(),
    column: z.number(),
    code: z.string(),
    message: z.string(),
    hint: z.string(),
  }),
);

/** `fleet validate` as a person starts it, in a folder. */
async function fleetValidate(cwd: string, words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const surroundings = { GITHUB_ACTIONS: '', GITHUB_WORKSPACE: '', ...env };
  const ended = await execa(process.execPath, [BIN, 'validate', ...words], { cwd, env: surroundings, reject: false });
  return { status: ended.exitCode, stdout: ended.stdout, stderr: ended.stderr };
}

const WHOLE = 'name: whole\nnodes:\n  - id: build\n    bash: npm run build\n';
const UNQUOTED =
  'name: unquoted\ninputs: { version: {} }\nnodes:\n  - id: bump\n    bash: npm version $INPUTS_VERSION\n';

/** A repository's folder with these workflows in `.github/fleet`. */
function givenWorkflows(files: Readonly<Record<string, string>>): string {
  const folder = givenFolder();
  for (const [name, text] of Object.entries(files)) write(join(folder, '.github', 'fleet', name), text);
  return folder;
}

describe('fleet validate', () => {
  it('prints for people every fault with its lines and what to do, and ends with status 1', async () => {
    const { status, stdout, stderr } = await fleetValidate(ROOT, [BROKEN]);
    expect([status, stderr]).toEqual([1, '']);
    const shown = readFileSync(join(ROOT, BROKEN, 'faults.txt'), 'utf8').split(/\n{2,}/);
    const faults = [...new Set(shown.filter((part) => !part.startsWith('# ')).map((part) => part.trimEnd()))];
    expect(faults.filter((fault) => !stdout.includes(fault)).length, 'of the broken files some are not told').toBe(0);
    const files = readdirSync(join(ROOT, BROKEN)).filter((file) => file.endsWith('.yml')).length;
    expect(stdout).toMatch(new RegExp(`\\n${files} files: ${faults.length} faults\\.$`));
  });

  it('is silent when nobody reads on, and ends with the same status', async () => {
    const script = '"$0" "$@" | head -n 1; exit "${PIPESTATUS[0]}"';
    const words = ['-c', script, process.execPath, BIN, 'validate', BROKEN];
    const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: '' };
    const ended = await execa('bash', words, { cwd: ROOT, env, reject: false });
    expect([ended.exitCode, ended.stderr]).toEqual([1, '']);
  });

  it('prints with --json exactly one array', async () => {
    const { status, stdout, stderr } = await fleetValidate(ROOT, [BROKEN, '--json']);
    expect([status, stderr]).toEqual([1, '']);
    const faults = faultsSchema.parse(JSON.parse(stdout));
    expect(faults).toContainEqual({
      file: `${BROKEN}/unknown_key.yml`,
      line: 5,
      column: 5,
      code: 'unknown_key',
      message: '`nodes[0].timout` is not a known key.',
      hint: 'Did you mean `timeout`?',
    });
  });

  it('looks into .github/fleet, and ends with status 0 when nothing is wrong', async () => {
    const folder = givenWorkflows({ 'whole.yml': WHOLE, 'notes.md': '{{nothing}}', 'other.yaml': 'a: [' });
    expect(await fleetValidate(folder, [])).toEqual({ status: 0, stdout: '1 file: no faults.', stderr: '' });
    expect((await fleetValidate(folder, ['--json'])).stdout).toBe('[]');
  });

  it('reads what a workflow names beside it, files and workflows', async () => {
    const folder = givenWorkflows({
      'outer.yml': `name: outer
nodes:
  - { id: ask, command: ask }
  - { id: inner, include: inner, depends_on: ask }
  - { id: note, include: nowhere }
`,
      'ask.md': 'Say {{vresion}}.',
      'inner.yml': WHOLE.replace('name: whole', 'nme: inner'),
    });
    const { stdout } = await fleetValidate(folder, ['--json', join('.github', 'fleet', 'outer.yml')]);
    const faults = faultsSchema.parse(JSON.parse(stdout));
    expect(faults.map(({ file, line, column, code }) => `${file}:${line}:${column} ${code}`)).toEqual([
      '.github/fleet/outer.yml:5:26 include',
      '.github/fleet/ask.md:1:5 undeclared_input',
      '.github/fleet/inner.yml:1:1 missing_key',
      '.github/fleet/inner.yml:1:1 unknown_key',
    ]);
  });

  it('tells warnings to people without failing, and with --warnings in the array', async () => {
    const folder = givenWorkflows({ 'unquoted.yml': UNQUOTED });
    const told = await fleetValidate(folder, []);
    expect(told.status).toBe(0);
    expect(told.stdout).toContain('.github/fleet/unquoted.yml:5:23: `$INPUTS_VERSION` stands without quotes');
    expect(told.stdout).toMatch(/\n1 file: no faults, 1 warning\.$/);
    expect((await fleetValidate(folder, ['--json'])).stdout).toBe('[]');
    const { status, stdout } = await fleetValidate(folder, ['--json', '--warnings']);
    expect(status).toBe(0);
    expect(faultsSchema.parse(JSON.parse(stdout))).toMatchObject([{ line: 5, column: 23, code: 'warning/unquoted' }]);
  });

  it('annotates under GitHub Actions, by paths from the workspace, and lets no line of a file be a command', async () => {
    const folder = givenWorkflows({ 'a.yml': `${WHOLE}##[add-matcher]x: 1\n`, 'unquoted.yml': UNQUOTED });
    const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: folder };
    const { status, stdout } = await fleetValidate(join(folder, '.github'), ['fleet'], env);
    expect(status).toBe(1);
    const [begin = '', ...lines] = stdout.split('\n');
    const token = /^::stop-commands::(\S+)$/.exec(begin)?.[1];
    const commands = lines.slice(lines.indexOf(`::${token}::`) + 1);
    expect(commands).toEqual([
      expect.stringMatching(/^::error file=\.github\/fleet\/a\.yml,line=1,col=7,title=file_name::.*`name: a`/),
      expect.stringMatching(/^::warning file=\.github\/fleet\/unquoted\.yml,line=5,col=23,title=warning\/unquoted::/),
    ]);
    const json = await fleetValidate(join(folder, '.github'), ['fleet', '--json'], env);
    expect(faultsSchema.parse(JSON.parse(json.stdout))).toHaveLength(1);
    expect(json.stderr).toMatch(/^::error file=/);
  });

  it.each([
    ['an unknown option', ['--nope'], "unknown option '--nope'"],
    ['a path that is not there', ['nowhere'], 'nowhere cannot be read'],
    ['a folder without workflows', ['empty'], 'empty holds no .yml file'],
    ['a link out of its folder', [join('.github', 'fleet', 'out.yml')], 'is a link out of its folder'],
  ])('ends with status 2 for %s', async (_, words, reason) => {
    const folder = givenWorkflows({ 'whole.yml': WHOLE });
    write(join(folder, 'empty', 'x.md'), '');
    symlinkSync(write(join(folder, 'secret'), 'token: x'), join(folder, '.github', 'fleet', 'out.yml'));
    const { status, stdout, stderr } = await fleetValidate(folder, words);
    expect(status).toBe(2);
    expect(stderr).toContain(reason);
    expect(stdout).not.toContain('token');
  });
});
