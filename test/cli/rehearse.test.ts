import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { processTree, stillRunning } from '../process-tree.ts';
import { givenFolder, givenRepository, stateOf, write } from '../rehearse/given-folder.ts';
import { noSandbox } from '../sandboxes.ts';
import { fleetCommand } from './fleet-command.ts';

const NOTE = `name: note
inputs:
  text: { required: true }
services:
  - tag: somewhere-else
  - tag: never-used-here
nodes:
  - id: write
    bash: printf '%s\\n' "$INPUTS_TEXT" > NOTE
`;

const ASK = `name: ask
services: [{ tag: any }]
nodes:
  - { id: ask, prompt: Repair it. }
`;

const resultSchema = z.object({
  fleet: z.object({ status: z.string(), inputs: z.record(z.string(), z.string()) }),
  tasks: z.array(z.object({ repository: z.string(), outcome: z.string().nullable(), pull_request: z.url() })),
  tracking_issue: z.url(),
  github: z.url(),
});

/** A folder `services` with two repositories, a workflow file beside it, and room for the rehearsal. */
function givenServices(workflow = NOTE) {
  const root = givenFolder();
  const services = join(root, 'services');
  const repositories = ['api', 'web'].map((name) => givenRepository(join(services, name)));
  return { services, repositories, file: write(join(root, 'note.yml'), workflow), data: join(root, 'data') };
}

/** What of a rehearsal's folder is not for its owner alone; workspaces lie behind closed folders. */
function openPaths(data: string): string[] {
  const known = ['.', ...readdirSync(data, { recursive: true, encoding: 'utf8' })];
  return known.filter((path) => {
    const found = lstatSync(join(data, path));
    return !path.startsWith('app/workspaces/') && !found.isSymbolicLink() && (found.mode & 0o077) !== 0;
  });
}

describe('fleet rehearse', () => {
  it("runs a workflow file over a person's repositories, stays up until Ctrl-C, and touches none of them", async () => {
    const { services, repositories, file, data } = givenServices();
    write(join(repositories[1] ?? '', 'VERSION'), 'not committed\n');
    const before = repositories.map(stateOf);
    const running = fleetCommand('rehearse', services, file, "text=it's two words", '--json', '--data', data);
    const printed = await new Promise<string>((resolve, reject) => {
      running.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString()));
      running.then(({ stderr }) => reject(new Error(`it ended: ${stderr}`)), reject);
    });

    const { fleet, tasks, tracking_issue, github } = resultSchema.parse(JSON.parse(printed));
    expect(fleet).toEqual({ status: 'completed', inputs: { text: "it's two words" } });
    expect(tasks).toEqual(
      ['api', 'web'].map((name) => ({
        repository: `services/${name}`,
        outcome: 'changed',
        pull_request: `${github}/services/${name}/pull/1`,
      })),
    );
    for (const page of [tracking_issue, `${github}/pulls`, ...tasks.map(({ pull_request }) => pull_request)]) {
      expect((await fetch(page)).status, page).toBe(200);
    }

    expect(openPaths(data), 'what others can read').toEqual([]);

    running.kill('SIGINT');
    const { exitCode, stderr } = await running;
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain('HEAD is copied): web.');
    expect(stderr).toContain('`services:` of the workflow is replaced by all repositories found');
    await expect(fetch(github)).rejects.toThrow('fetch failed');
    expect(repositories.map(stateOf)).toEqual(before);
  });

  it('leaves no app behind when it is killed', async () => {
    const { services, file, data } = givenServices();
    const running = fleetCommand('rehearse', services, file, 'text=x', '--data', data, '--', '--plan');
    await new Promise((resolve, reject) => {
      running.stdout.once('data', resolve);
      running.then(({ stderr }) => reject(new Error(`it ended: ${stderr}`)), reject);
    });
    const tree = processTree(running.pid ?? 0);
    expect(tree.length).toBeGreaterThan(1);
    running.kill('SIGKILL');
    await running;
    await vi.waitUntil(() => stillRunning(tree).length === 0, { timeout: 15_000 });
  });

  it('with --once and a plan ends with status 1, shows the plan and says how it could be approved', async () => {
    const { services, file, data } = givenServices();
    const words = [services, file, 'text=x', '--once', '--data', data, '--', '--plan'];
    const { exitCode, stdout, stderr } = await fleetCommand('rehearse', ...words);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/planned {2}0\/2/);
    expect(stdout).toMatch(
      /comment `\/fleet approve f-[a-z2-7]{8}` on http:\/\/127\.0\.0\.1:\d+\/services\/platform\/issues\/2/,
    );
    expect(stderr).toContain('--once does not wait. Leave out --once and comment `/fleet approve`');
  });

  it('asks for --agent where the workflow needs one and none was given', async () => {
    const { services, data } = givenServices();
    const words = [services, 'bump-shared-lib', 'version=2.0', '--once', '--data', data];
    const { exitCode, stderr } = await fleetCommand('rehearse', ...words);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('`default_agent`');
    expect(stderr).toContain("add --agent '<command>'");
  });

  it("takes the agents of an operator's file, with the variables that they are given", async () => {
    const { services, data, file } = givenServices(ASK);
    const root = join(import.meta.dirname, '..', '..');
    const read = ['src', 'node_modules', 'package.json'].map((path) => join(root, path));
    const settings = write(
      join(file, '..', 'operator.yml'),
      `control_repositories: [acme/elsewhere]
agents:
  scripted: { command: ${process.execPath}, args: [${join(root, 'src/rehearse/scripted-agent.ts')}], read: [${read}] }
`,
    );
    const words = [services, file, '--once', '--json', '--data', data, '--settings', settings];
    const { exitCode, stdout, stderr } = await fleetCommand('rehearse', ...words);
    expect(exitCode, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      sandbox: { boxed: noSandbox === null },
      fleet: { status: 'completed' },
    });
  });

  it.each([
    ['agents: { x: { comand: y } }', /operator\.yml:1:\d+[\s\S]*comand/],
    ['sandbox: off', /^WITHOUT A SANDBOX: .*`sandbox: off`/],
  ])('with the settings %s it says so first', async (text, told) => {
    const { services, file, data } = givenServices();
    const settings = write(join(file, '..', 'operator.yml'), `${text}\n`);
    const { stderr } = await fleetCommand('rehearse', services, file, '--once', '--data', data, '--settings', settings);
    expect(stderr).toMatch(told);
    expect(stderr).not.toContain('    at ');
  });

  it('refuses a .fleet-rehearse.yml that names a repository that is not there, without a stack', async () => {
    const { services, file, data } = givenServices();
    write(join(services, '.fleet-rehearse.yml'), 'repositories: { ap: { archived: true } }');
    const ended = await fleetCommand('rehearse', services, file, 'text=x', '--once', '--data', data);
    expect([ended.exitCode, ended.stderr.split('\n').slice(-2).join('\n')]).toEqual([
      1,
      '.fleet-rehearse.yml names repositories that are not in the folder:\n  repositories.ap: did you mean api?',
    ]);
  });

  it('ends with status 1 and the reason where there is no repository', async () => {
    const { file, data } = givenServices();
    const empty = givenFolder();
    const { exitCode, stdout, stderr } = await fleetCommand('rehearse', empty, file, '--once', '--data', data);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr.split('\n').at(-1)).toBe(
      `There is no git repository with a commit in ${empty}; give a folder that holds some.`,
    );
  });

  it('ends with status 1 and the reason where the port is taken', async () => {
    const { services, file, data } = givenServices();
    const { startLocalGitHub } = await import('../../src/local-github/server.ts');
    const other = await startLocalGitHub({ dataDir: join(givenFolder(), 'other') });
    try {
      const { port } = new URL(other.url);
      const ended = await fleetCommand('rehearse', services, file, 'text=x', '--once', '--data', data, '--port', port);
      expect(ended.exitCode).toBe(1);
      expect(ended.stderr).toContain(`Port ${port} is in use; give another --port`);
      expect(ended.stderr).not.toContain('    at ');
    } finally {
      await other.close();
    }
  });

  it.each([
    ['an unknown workflow', ['nope'], NOTE, 'There is no `nope` in `services/platform:.github/fleet/`'],
    ['a missing input', [], NOTE, 'The required input `text` is missing'],
    [
      'a fault in the file, at its line and column there',
      ['text=x'],
      NOTE.replace('    bash:', '    bsah:'),
      'services/platform:.github/fleet/note.yml:9:5`** `nodes[0].bsah` is not a known key. Did you mean `bash`?',
    ],
    [
      'broken YAML, at its line and column',
      ['text=x'],
      NOTE.replace('{ required: true }', '{ required: true'),
      'services/platform:.github/fleet/note.yml:4:1`**',
    ],
  ])("ends with status 1 and the app's answer for %s", async (_, words, workflow, answer) => {
    const { services, file, data } = givenServices(workflow);
    const what = words[0] === 'nope' ? words : [file, ...words];
    const ended = await fleetCommand('rehearse', services, ...what, '--once', '--json', '--data', data);
    expect([ended.exitCode, ended.stdout]).toEqual([1, '']);
    expect(ended.stderr).toContain('The command started nothing. The answer on http://127.0.0.1:');
    expect(ended.stderr).toContain(answer);
  });
});
