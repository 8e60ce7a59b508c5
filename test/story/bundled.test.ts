import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toldAgent } from './told-agents.ts';
import { openWorld, type World } from './world.ts';

const ends = async (world: World) =>
  Object.fromEntries(
    (await world.tasks()).map(({ repository, outcome, status, reason }) => [
      repository.replace('acme/', ''),
      `${outcome ?? status}: ${reason ?? ''}`,
    ]),
  );

const branchOf = async (world: World): Promise<string> => (await world.fleet()).plan.branch;

it('/fleet list names every bundled workflow', async () => {
  const world = await openWorld();
  await world.comment('mona', '/fleet list');
  const answer = (await world.answers()).at(-1);
  for (const name of ['add-file', 'ask', 'bump-shared-lib', 'codemod', 'migrate-with-agent', 'run-tests']) {
    expect(answer).toContain(`\n- \`/fleet ${name}`);
  }
});

it('every command of the guide makes a plan', async () => {
  const guide = new URL('../../docs/guides/bundled-workflows.md', import.meta.url);
  const commands = readFileSync(guide, 'utf8').match(/^\/fleet .*$/gm) ?? [];
  const { prompts: _, ...agents } = toldAgent();
  const topics = ['platform-my-app', 'platform-x', 'team-backend', 'language-js'];
  const world = await openWorld({ ...agents, repositories: [{ name: 'service-one', topics }] });
  for (const command of commands) await world.comment('mona', `${command} --plan`);
  const planned = (await world.fleets()).map(({ plan }) => plan.workflow.name);
  expect(planned).toEqual(commands.map((command) => command.split(' ')[1]));
  expect(commands).toHaveLength(7);
});

describe('run-tests', () => {
  const printing = (line: string, status = 0) => `console.log(${JSON.stringify(line)});\nprocess.exit(${status});\n`;
  const npm = (script: string) => ({
    'package.json': '{"scripts":{"test":"node test.js"}}\n',
    'test.js': script,
    // Not looked at: npm comes first.
    Makefile: 'test:\n\tfalse\n',
  });
  // Python looks into the work tree first, so that the machine needs no pytest.
  const pytest = {
    'pytest.py': 'print("== 2 passed, 1 skipped in 0.02s ==")\n',
    'tests/test_one.py': 'def test(): pass\n',
  };

  it('reports what each repository says of its own tests, changes nothing, and fails where they fail', async () => {
    const hostile = 'Tests: 1 | $(touch owned) <!-- fleet --> @mona';
    const world = await openWorld({
      repositories: [
        { name: 'npm', topics: ['app'], files: npm("require('node:test')('adds', () => {});\n") },
        { name: 'hostile', topics: ['app'], files: npm(printing(hostile)) },
        { name: 'red', topics: ['app'], files: npm(printing('the reason is here', 3)) },
        { name: 'make', topics: ['app'], files: { Makefile: '.PHONY: test\nlint test: all\n\t@echo made\nall:\n' } },
        { name: 'python', topics: ['app'], files: pytest },
        { name: 'untested', topics: ['app'], files: { Makefile: 'test := 1\n', 'package.json': '{}\n' } },
      ],
    });

    await world.comment('mona', '/fleet run-tests --tag app');

    expect(await ends(world)).toEqual({
      npm: expect.stringMatching(/^unchanged: npm test passed: tests 1, pass 1, fail 0$/),
      hostile: `unchanged: npm test passed: ${hostile}`,
      red: 'failed: Node `test` ended with status 3.',
      make: 'unchanged: make test passed',
      python: 'unchanged: pytest passed: 2 passed, 1 skipped in 0.02s',
      untested:
        'unchanged: No tests found: no test script in package.json, no test target in a Makefile, nothing of pytest',
    });
    const [issue] = await world.trackingIssues();
    expect(issue?.body).toContain('npm test passed: tests 1, pass 1, fail 0');
    expect(issue?.body).toContain('the reason is here');
    expect(issue?.body).not.toContain('<!-- fleet');
    expect(issue?.body).not.toContain('| $(touch');
    for (const { repository } of await world.tasks()) {
      expect(await world.pulls(repository.replace('acme/', ''))).toEqual([]);
    }
  });
});

describe('add-file', () => {
  const repositories = [
    { name: 'without', topics: ['app'], files: { 'README.md': '# x\n' } },
    { name: 'same', topics: ['app'], files: { '.config/lint.json': '{\n\t"a": "$(touch owned)"\n}\n' } },
    { name: 'other', topics: ['app'], files: { '.config/lint.json': '{}\n' } },
    { name: 'blocked', topics: ['app'], files: { '.config': 'a file\n' } },
  ];
  const command = `/fleet add-file path=.config/lint.json content='{\\n\\t"a": "$(touch owned)"\\n}' --tag app`;

  it('writes the file where there is none, and keeps what is there', async () => {
    const world = await openWorld({ repositories });
    await world.comment('mona', command);
    expect(await ends(world)).toEqual({
      without: 'changed: ',
      same: 'unchanged: ',
      other: 'unchanged: ',
      blocked: 'failed: Node `write` ended with status 1.',
    });
    const branch = await branchOf(world);
    expect(await world.file('without', '.config/lint.json', branch)).toBe('{\n\t"a": "$(touch owned)"\n}\n');
    expect(await world.file('without', 'owned', branch)).toBeUndefined();
    const [pull] = await world.pulls('without');
    expect(pull?.title).toBe('Add .config/lint.json');
    expect(pull?.body).toContain('Adds .config/lint.json, as in every selected repository.');
    const [issue] = await world.trackingIssues();
    expect(issue?.body).toContain('.config/lint.json cannot be written: .config is a file here.');
  });

  it('replaces on request, on a branch of its own', async () => {
    const world = await openWorld({ repositories });
    await world.comment('mona', command);
    const kept = await branchOf(world);
    await world.comment('mona', `${command.replace('--tag app', '--repo other')} existing=replace`);
    expect(await ends(world)).toEqual({ other: 'changed: ' });
    expect(await branchOf(world)).not.toBe(kept);
    expect(await world.file('other', '.config/lint.json', await branchOf(world))).toContain('"a"');
  });

  it('starts nothing for a path that is none within a repository', async () => {
    const world = await openWorld({ repositories });
    const paths = ['/etc/passwd', '../up', 'a/../b', '-f', 'a//b', 'a b', '"; touch owned'];
    for (const path of paths) await world.comment('mona', `/fleet add-file path='${path}' content=x --tag app`);
    const answers = await world.answers();
    expect(answers).toHaveLength(paths.length);
    for (const answer of answers) expect(answer).toContain('does not match the pattern');
    expect(await world.trackingIssues()).toEqual([]);
  });

  it.each([
    ['sub/.GIT/config', 'command'],
    ['.github/workflows/ci.yml', 'protected_path'],
  ])('pushes nothing for the path %s', async (path, category) => {
    const world = await openWorld({ repositories: repositories.slice(0, 1) });
    await world.comment('mona', `/fleet add-file path=${path} content=x --tag app`);
    expect(await world.tasks()).toMatchObject([{ status: 'failed', category }]);
    expect(await world.pulls('without')).toEqual([]);
  });

  it('follows no symbolic link', async () => {
    const world = await openWorld({ repositories: repositories.slice(0, 1) });
    await linkToTmp(world);
    await world.comment('mona', '/fleet add-file path=link/lint.json content=x --tag app');
    expect(await world.tasks()).toMatchObject([{ status: 'failed', category: 'command' }]);
    expect((await world.trackingIssues())[0]?.body).toContain('link is a symbolic link here.');
  });
});

/** In the repository `without`, `link` leads out of it from now on. */
async function linkToTmp(world: World): Promise<void> {
  const path = '/repos/acme/without/git';
  const shaOf = async (method: string, at: string, body?: object) =>
    z.object({ sha: z.string() }).parse(await world.api('mona', method, `${path}/${at}`, body)).sha;
  const head = z
    .object({ object: z.object({ sha: z.string() }) })
    .parse(await world.api('mona', 'GET', `${path}/ref/heads/main`)).object.sha;
  const entry = { path: 'link', mode: '120000', type: 'blob', content: '/tmp' };
  const tree = await shaOf('POST', 'trees', { base_tree: head, tree: [entry] });
  const commit = await shaOf('POST', 'commits', { message: 'Link', tree, parents: [head] });
  await world.api('mona', 'PATCH', `${path}/refs/heads/main`, { sha: commit });
}

describe('codemod', () => {
  const find = 'old("$(touch owned)", `x`; \\1 $& .*)';
  const repositories = [
    {
      name: 'code',
      topics: ['app'],
      files: {
        'src/a.js': `${find};\n${find};\n`,
        'src/deep/b.js': `  ${find}`,
        'src/c.txt': find,
        'lib/d.js': find,
        'src/bin.js': `${find}\0`,
        'package.json': '{"scripts":{"format":"node format.js"}}\n',
        'format.js': "require('node:fs').appendFileSync('src/a.js', '// formatted\\n');\n",
      },
    },
    {
      name: 'nothing',
      topics: ['app'],
      files: { 'src/a.js': 'x\n', 'package.json': '{"scripts":{"format":"false"}}' },
    },
    { name: 'unformatted', topics: ['app'], files: { 'src/a.js': `é ${find}\n` } },
  ];

  it('replaces a text where it stands in files that match, then lets the repository format', async () => {
    const world = await openWorld({ repositories });
    await world.comment('mona', `/fleet codemod files="src/**/*.js, none/*" find='${find}' replace=-n --tag app`);
    expect(await ends(world)).toEqual({ code: 'changed: ', nothing: 'unchanged: ', unformatted: 'changed: ' });
    const branch = await branchOf(world);
    expect(await world.file('code', 'src/a.js', branch)).toBe('-n;\n-n;\n// formatted\n');
    expect(await world.file('code', 'src/deep/b.js', branch)).toBe('  -n');
    expect(await world.file('code', 'src/c.txt', branch)).toBe(find);
    expect(await world.file('code', 'lib/d.js', branch)).toBe(find);
    expect(await world.file('unformatted', 'src/a.js', branch)).toBe('é -n\n');
    for (const name of ['code', 'unformatted']) expect(await world.file(name, 'owned', branch)).toBeUndefined();
    const [pull] = await world.pulls('code');
    expect(pull?.title).toBe(`Replace ${find}`);
    expect(pull?.body).toContain('Replaces a text in 3 places of 2 files, then runs `npm run format`.');
    expect((await world.pulls('unformatted'))[0]?.body).toContain('Replaces a text in 1 places of 1 files.');
  });

  it('deletes what is found without a replacement, and a formatter that fails is told', async () => {
    const world = await openWorld({
      repositories: [
        {
          name: 'code',
          topics: ['app'],
          files: { 'a.md': 'one two three\n', 'package.json': '{"scripts":{"format":"exit 4"}}\n' },
        },
      ],
    });
    await world.comment('mona', '/fleet codemod files=*.md find=" two" --tag app');
    expect(await world.file('code', 'a.md', await branchOf(world))).toBe('one three\n');
    expect((await world.pulls('code'))[0]?.body).toContain('`format` failed');
  });

  it('fails for a glob that leaves the repository', async () => {
    const world = await openWorld({ repositories });
    await world.comment('mona', '/fleet codemod files="../*" find=x replace=y --tag app');
    expect(new Set((await world.tasks()).map(({ status }) => status))).toEqual(new Set(['failed']));
  });
});
