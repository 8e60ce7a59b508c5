import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { runPlan } from '../../src/cli/plan.ts';
import { RehearseError } from '../../src/rehearse/options.ts';
import { givenFolder, givenRepository, stateOf, write } from '../rehearse/given-folder.ts';
import { fleetCommand } from './fleet-command.ts';

const BUMP = `name: bump
description: Bump the library
inputs:
  version: { required: true, pattern: '^[0-9.]+$' }
  level: { default: minor, enum: [minor, major] }
services:
  - tag: platform:my-app
exclude: [old]
nodes:
  - id: bump
    script: { file: bump.mjs }
  - id: test
    bash: npm test
    depends_on: [bump]
    continue_on_error: true
  - id: repair
    depends_on: [test]
    when: $test.exit_code != 0
    loop_group:
      max_iterations: 3
      until_bash: npm test
      nodes:
        - { id: fix, prompt: "Make the tests pass: $test.output" }
        - { id: format, bash: npm run format, depends_on: [fix] }
  - id: check
    include: check
    depends_on: [bump]
    with: { of: "{{service}} {{level}}", version: "{{version}}" }
`;

const CHECK = `name: check
inputs: { of: { required: true }, version: { required: true } }
nodes:
  - { id: all, bash: 'check "$INPUTS_OF" "$INPUTS_VERSION"' }
  - { id: web, bash: check-web, when: "$inputs.of == 'services/web minor'" }
`;

const TAGGED = ['--tag', '*=platform:my-app'];

const resultSchema = z.object({
  inputs: z.record(z.string(), z.string()),
  branch: z.string(),
  parallel: z.number().nullable(),
  targets: z.array(z.string()),
  left_out: z.array(z.object({ repository: z.string(), reason: z.string() })),
  walks: z.array(
    z.object({
      repositories: z.array(z.string()),
      nodes: z.array(z.object({ path: z.string(), verdict: z.string(), stubbed: z.boolean() })),
      end: z.object({ status: z.string() }),
    }),
  ),
  unused_stubs: z.array(z.string()),
});

const rolloutSchema = z.object({
  rollout: z.object({ approve: z.string(), halt_on_failure: z.string().nullable() }),
  waves: z.array(z.object({ name: z.string(), targets: z.array(z.string()) })),
});

/** A folder `services` with four repositories, and a workflow beside it with what it names. */
function givenServices(workflow = BUMP) {
  const root = givenFolder();
  const services = join(root, 'services');
  const repositories = ['api', 'old', 'vault', 'web'].map((name) => givenRepository(join(services, name)));
  write(join(services, '.fleet-rehearse.yml'), 'repositories: { vault: { permission: read } }');
  write(join(root, 'flows', 'bump.mjs'), 'console.log(1);');
  write(join(root, 'flows', 'check.yml'), CHECK);
  return { root, services, repositories, file: write(join(root, 'flows', 'bump.yml'), workflow) };
}

describe('fleet plan', () => {
  it('shows the targets in their order, who is left out, and what would run in each, and touches nothing', async () => {
    const { root, services, repositories, file } = givenServices();
    const before = [repositories.map(stateOf), readdirSync(root), readdirSync(services)];
    const { exitCode, stdout, stderr } = await fleetCommand('plan', file, '--on', services, 'version=2.0', ...TAGGED);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toBe(`bump  Bump the library
  inputs    version=2.0
            level=minor
  branch    fleet/bump-2.0
  parallel  one after another
  agents    up to 6 sessions, 3 in each repository; no budget bounds what they cost

Targets, in running order
  1  services/api
  2  services/web

Left out
  services/old    It is excluded.
  services/vault  The sender has no write permission there.

In services/api
  1  bump (script)
  2  test (bash, continue_on_error)
  2  check (include)
     1  all (bash)
     1  web (bash)                   skipped: when $inputs.of == 'services/web minor' is false: $inputs.of is "services/api minor"
  3  repair (loop_group)             skipped: when $test.exit_code != 0 is false: $test.exit_code is 0
  Then the task completes, with a pull request where files have changed.

In services/web
  1  bump (script)
  2  test (bash, continue_on_error)
  2  check (include)
     1  all (bash)
     1  web (bash)                   when $inputs.of == 'services/web minor' is true: $inputs.of is "services/web minor"
  3  repair (loop_group)             skipped: when $test.exit_code != 0 is false: $test.exit_code is 0
  Then the task completes, with a pull request where files have changed.

Taken for granted, because no --stub says otherwise
  bump, test, check/all, check/web  completed with exit code 0 and an empty output`);
    expect([repositories.map(stateOf), readdirSync(root), readdirSync(services)]).toEqual(before);
  });

  it('takes the other branch by stubs, tells the same of all repositories once, and prints it as JSON', async () => {
    const { services, file } = givenServices();
    const stubs = ['--stub', 'test.exit_code=1', '--stub', 'repair/format.exit_code=2', '--stub', 'check/web.output=x'];
    const words = ['version=2.0', 'level=major', ...TAGGED, ...stubs, '--json', '--', '--parallel', '2'];
    const { exitCode, stdout, stderr } = await fleetCommand('plan', file, '--on', services, ...words);
    expect(exitCode, stderr).toBe(0);
    const { walks, ...rest } = resultSchema.parse(JSON.parse(stdout));
    expect(rest).toEqual({
      inputs: { version: '2.0', level: 'major' },
      branch: 'fleet/bump-2.0',
      parallel: 2,
      targets: ['services/api', 'services/web'],
      left_out: [
        { repository: 'services/old', reason: 'excluded' },
        { repository: 'services/vault', reason: 'no_permission' },
      ],
      unused_stubs: ['check/web'],
    });
    // What an input is made of differs, and so does why `web` is skipped.
    expect(walks.map(({ repositories, end }) => [repositories, end.status])).toEqual([
      [['services/api'], 'failed'],
      [['services/web'], 'failed'],
    ]);
    expect(
      walks[0]?.nodes.map(({ path, verdict, stubbed }) => `${path} ${verdict}${stubbed ? ' stubbed' : ''}`),
    ).toEqual([
      'bump runs',
      'test runs stubbed',
      'check runs',
      'check/all runs',
      'check/web skipped',
      'repair runs',
      'repair/fix runs',
      'repair/format runs stubbed',
    ]);
  });

  it('shows the waves of a rollout, the order, and what holds it', async () => {
    const rollout =
      'rollout: { canary: [web], waves: [50%], halt_on_failure: 20%, approve: each, after: { names: vault } }';
    const { services, file } = givenServices(
      `name: bump\nservices: [{ tag: app }]\n${rollout}\nnodes: [{ id: write, bash: make }]\n`,
    );
    write(join(services, '.fleet-rehearse.yml'), '');
    const words = ['plan', file, '--on', services, '--tag', '*=app'];
    const { stdout, stderr } = await fleetCommand(...words);
    expect(stderr).toBe('');
    expect(stdout).toContain(`
  parallel  one after another
  waves     3 waves: canary 1, then 1, then 2; waits for approval after each wave
  halts     when 20% of a wave or of all have failed
  order     names: vault, then the others

Targets, in running order
  Canary (1 of 4)
    1  services/web
  Wave 1 (1 of 4)
    2  services/vault
  Wave 2 (2 of 4)
    3  services/api
    4  services/old
`);
    const { rollout: told, waves } = rolloutSchema.parse(JSON.parse((await fleetCommand(...words, '--json')).stdout));
    expect(told).toEqual({ approve: 'each', halt_on_failure: '20%' });
    expect(waves).toEqual([
      { name: 'canary', targets: ['services/web'] },
      { name: 'wave 1', targets: ['services/vault'] },
      { name: 'wave 2', targets: ['services/api', 'services/old'] },
    ]);
  });

  it('takes a bundled workflow by its name, and all repositories where no topics are known', async () => {
    const { services } = givenServices();
    write(join(services, '.fleet-rehearse.yml'), '');
    const ended = await fleetCommand('plan', 'bump-shared-lib', '--on', services, 'version=2.0');
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(ended.stdout).toContain('\nIn all 4 repositories\n');
    expect(ended.stdout).toContain('  only_if  ');
    expect(ended.stderr).toContain('`services:` of the workflow is replaced by all repositories found');
  });

  it('ends with status 1 and nothing on standard output for faults of the file, each where it stands', async () => {
    const { services, file } = givenServices(BUMP.replace('bash: npm test', 'bsah: npm test'));
    const ended = await fleetCommand('plan', file, '--on', services, 'version=2.0', ...TAGGED);
    expect([ended.exitCode, ended.stdout]).toEqual([1, '']);
    expect(ended.stderr).toMatch(
      /flows\/bump\.yml:13:5: .*\n.*\n> 13 \| {5}bsah: npm test\n(?:.*\n)+Did you mean `bash`\?$/,
    );
  });

  it.each([
    ['a file beside it that is missing', BUMP.replace('bump.mjs', 'gone.mjs'), {}, /bump\.yml:11:21: .*gone\.mjs/],
    [
      'inputs that do not fit, all at once',
      BUMP,
      { words: ['version=two', 'lvel=x'] },
      /no input `lvel`\. Did you mean `level`\?\n.*does not match/,
    ],
    [
      'a flag that does not exist',
      BUMP,
      { words: ['version=2.0', '--pralel', '2'] },
      /`--pralel` is not a flag.*`--parallel`/,
    ],
    ['a selection of nothing', BUMP.replace('my-app', 'other'), {}, /platform: ?other.*matches no repository/],
    [
      'stubs that name nothing, all at once',
      BUMP,
      { stub: ['fix.output=x', 'test.exitcode=1'] },
      /--stub fix\.output=x: .*`repair\/fix`\?\n--stub test\.exitcode=1: .*`exit_code`\?/,
    ],
    [
      'a branch that is the default one',
      BUMP.replace('exclude:', 'branch: main\nexclude:'),
      {},
      /would be `main`, which is the default branch of 2 repositories/,
    ],
    ['an unknown workflow', BUMP, { workflow: 'bump-shared-lob' }, /Did you mean bump-shared-lib\?/],
    ['a file that is not there', BUMP, { workflow: './nowhere.yml' }, /nowhere\.yml cannot be read/],
    ['a folder that is not there', BUMP, { on: '/nowhere/at/all' }, /The folder \/nowhere\/at\/all cannot be read/],
  ])('says what is wrong with %s', async (_, text, given, message) => {
    const { services, file } = givenServices(text);
    const flags = {
      workflow: file,
      words: ['version=2.0'],
      on: services,
      tag: ['*=platform:my-app'],
      stub: [],
      json: false,
    };
    const planning = runPlan({ ...flags, ...given });
    await expect(planning).rejects.toThrow(RehearseError);
    await expect(planning).rejects.toThrow(message);
  });
});
