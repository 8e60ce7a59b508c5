import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { services, workflowFiles } from './workflows.ts';
import { openWorld, type World } from './world.ts';

/** A world in which `go` is a workflow of these lines, with files beside it, over the repository `one`. */
function givenWorkflow(lines: string, beside: Readonly<Record<string, string>> = {}): Promise<World> {
  const named = Object.fromEntries(Object.entries(beside).map(([path, text]) => [`.github/fleet/${path}`, text]));
  const files = { ...workflowFiles({ go: `name: go\nservices: [{ tag: app }]\n${lines}` }), ...named };
  return openWorld({ platform: { files }, repositories: services('one') });
}

const statuses = async (world: World): Promise<string[]> => {
  const [task] = await world.tasks();
  if (task === undefined) return [];
  const nodes = await world.store.read.nodes.ofTask(task.id, task.attempt);
  return nodes.map(({ nodeId, status }) => `${nodeId} ${status}`);
};

describe('a script', () => {
  it('runs in node or python, inline or from a file beside the workflow, with values as variables alone', async () => {
    const world = await givenWorkflow(
      `
inputs: { word: { required: true } }
nodes:
  - id: inline
    runtime: node
    script: |
      import { writeFileSync } from 'node:fs';
      writeFileSync('inline.txt', process.env.INPUTS_WORD + process.env.GREETING);
    env: { GREETING: ' and {{service}}' }
  - id: file
    script: { file: scripts/write.py }
    depends_on: [inline]
`,
      { 'scripts/write.py': 'import os\nopen("file.txt", "w").write(os.environ["INPUTS_WORD"])\n' },
    );
    await world.comment('mona', '/fleet go word="$(touch owned) `x`"');
    expect(await world.tasks()).toMatchObject([{ status: 'completed', outcome: 'changed' }]);
    const [pull] = await world.pulls('one');
    const branch = pull?.head.ref ?? '';
    expect(await world.file('one', 'inline.txt', branch)).toBe('$(touch owned) `x` and acme/one');
    expect(await world.file('one', 'file.txt', branch)).toBe('$(touch owned) `x`');
    expect(await world.file('one', 'owned', branch)).toBeUndefined();
  });

  it('is frozen with the plan: what the default branch says later changes nothing', async () => {
    const world = await givenWorkflow('nodes:\n  - { id: a, script: { file: a.mjs } }\n', {
      'a.mjs': "import { writeFileSync } from 'node:fs';\nwriteFileSync('said', 'then');\n",
    });
    await world.comment('mona', '/fleet plan go');
    const content = Buffer.from('process.exit(1)').toString('base64');
    const path = '/repos/acme/platform/contents/.github/fleet/a.mjs';
    const { sha } = z.object({ sha: z.string() }).parse(await world.api('mona', 'GET', path));
    await world.api('mona', 'PUT', path, { message: 'Change it', content, sha });
    const [issue] = await world.trackingIssues();
    await world.comment('mona', '/fleet approve', { issue: issue?.number ?? 0 });
    expect(await world.tasks()).toMatchObject([{ status: 'completed', outcome: 'changed' }]);
    expect(await world.file('one', 'said', 'fleet/go')).toBe('then');
  });

  it('of which the file is missing starts nothing', async () => {
    const world = await givenWorkflow('nodes:\n  - id: a\n    script: { file: gone.mjs }\n');
    await world.comment('mona', '/fleet go');
    expect((await world.answers()).at(-1)).toContain('There is no file `gone.mjs` beside the workflow.');
    expect(await world.trackingIssues()).toEqual([]);
  });
});

describe('trigger rules', () => {
  it('let a clean-up run after a failure, which fails the task all the same', async () => {
    const world = await givenWorkflow(`
nodes:
  - { id: build, bash: exit 3 }
  - { id: after, bash: 'true', depends_on: [build] }
  - { id: cleanup, bash: 'true', depends_on: [build], trigger_rule: all_done }
  - { id: any, bash: 'true', depends_on: [build, cleanup], trigger_rule: one_success }
`);
    await world.comment('mona', '/fleet go');
    expect(await world.tasks()).toMatchObject([{ status: 'failed', category: 'command' }]);
    expect((await statuses(world)).toSorted()).toEqual([
      'after skipped',
      'any completed',
      'build failed',
      'cleanup completed',
    ]);
  });
});

describe('retry', () => {
  it('tries a node again as often as it says, the first try included', async () => {
    const world = await givenWorkflow(`
nodes:
  - id: flaky
    bash: echo x >> tries; [ "$(wc -l < tries)" = 3 ]
    retry: { max_attempts: 3, on_error: all, delay: 10m }
  - id: hopeless
    bash: echo x >> hopeless; exit 1
    retry: { max_attempts: 2, on_error: all }
    continue_on_error: true
  - id: not-transient
    bash: echo x >> once; exit 1
    retry: { max_attempts: 3 }
    continue_on_error: true
`);
    await world.comment('mona', '/fleet go');
    expect(await world.tasks()).toMatchObject([{ status: 'completed' }]);
    expect(await world.file('one', 'tries', 'fleet/go')).toBe('x\nx\nx\n');
    expect(await world.file('one', 'hopeless', 'fleet/go')).toBe('x\nx\n');
    expect(await world.file('one', 'once', 'fleet/go')).toBe('x\n');
  });
});

describe('a loop group', () => {
  it('repeats its nodes until its command says so, and each iteration knows its number and the one before', async () => {
    const world = await givenWorkflow(`
nodes:
  - { id: before, bash: echo start }
  - id: group
    depends_on: [before]
    loop_group:
      max_iterations: 5
      until_bash: '[ "$LOOP_OUTPUT" = 321 ]'
      nodes:
        - id: count
          bash: echo "$LOOP_ITERATION$LOOP_PREVIOUS_OUTPUT"
        - id: log
          bash: echo "$NODES_BEFORE_OUTPUT $NODES_COUNT_OUTPUT" >> log; echo "$NODES_COUNT_OUTPUT"
          depends_on: [count]
  - { id: after, bash: 'echo "$NODES_GROUP_OUTPUT" > result', depends_on: [group] }
`);
    await world.comment('mona', '/fleet go');
    expect(await world.tasks()).toMatchObject([{ status: 'completed' }]);
    expect(await world.file('one', 'log', 'fleet/go')).toBe('start 1\nstart 21\nstart 321\n');
    expect(await world.file('one', 'result', 'fleet/go')).toBe('321\n');
    expect(await statuses(world)).toContain('group/3/log completed');
  });

  it('fails when it reaches no end, and names the node that failed in it', async () => {
    const world = await givenWorkflow(`
nodes:
  - id: endless
    continue_on_error: true
    loop_group: { max_iterations: 2, until: DONE, nodes: [{ id: say, bash: echo DONE not }] }
  - id: broken
    loop_group: { max_iterations: 2, until: DONE, nodes: [{ id: inner, bash: exit 4 }] }
`);
    await world.comment('mona', '/fleet go');
    const [task] = await world.tasks();
    expect(task?.reason).toContain('Node `broken` failed: node `inner` ended with status 4.');
    expect(await statuses(world)).toEqual(expect.arrayContaining(['endless failed', 'endless/2/say completed']));
  });
});

describe('an include', () => {
  const inner = `
name: inner
inputs: { word: { required: true, pattern: '^[a-z]+$' }, times: { default: '2' } }
nodes:
  - id: repeat
    bash: for n in $(seq "$INPUTS_TIMES"); do printf '%s' "$INPUTS_WORD"; done
  - { id: last, bash: 'printf "<%s>" "$NODES_REPEAT_OUTPUT"', depends_on: [repeat] }
`;
  const outer = (word: string) => `
inputs: { version: { required: true } }
nodes:
  - { id: pick, bash: 'echo ${word}' }
  - id: call
    include: inner
    with: { word: '{{nodes.pick.output}}' }
    depends_on: [pick]
  - { id: write, bash: 'echo "$INPUTS_VERSION $NODES_CALL_OUTPUT" > result', depends_on: [call] }
`;

  it('runs the nodes of another workflow with inputs of its own', async () => {
    const world = await givenWorkflow(outer('ab'), { 'inner.yml': inner });
    await world.comment('mona', '/fleet go version=1');
    expect(await world.tasks()).toMatchObject([{ status: 'completed' }]);
    expect(await world.file('one', 'result', 'fleet/go-1')).toBe('1 <abab>\n');
    expect(await statuses(world)).toContain('call/repeat completed');
  });

  it('refuses at run time what its inputs do not take', async () => {
    const world = await givenWorkflow(outer('A1'), { 'inner.yml': inner });
    await world.comment('mona', '/fleet go version=1');
    const [task] = await world.tasks();
    expect(task).toMatchObject({ status: 'failed', category: 'config' });
    expect(task?.reason).toContain('Node `call` gives `inner` what it does not take. `word`: "A1" does not match');
  });

  it('of a workflow with faults tells them in its own file', async () => {
    const world = await givenWorkflow(outer('ab'), { 'inner.yml': inner.replace('id: last', 'id: Last') });
    await world.comment('mona', '/fleet go version=1');
    expect((await world.answers()).at(-1)).toContain('acme/platform:.github/fleet/inner.yml:7:11');
  });
});

describe('a cancel', () => {
  it('ends the task with its reason, and stops what runs beside it', async () => {
    const world = await givenWorkflow(`
nodes:
  - { id: look, bash: echo frozen }
  - { id: slow, bash: sleep 60 }
  - { id: stop, cancel: 'This repository is {{nodes.look.output}}.', depends_on: [look] }
`);
    await world.comment('mona', '/fleet go');
    expect(await world.tasks()).toMatchObject([{ status: 'cancelled', reason: 'This repository is frozen.' }]);
  });
});

describe('the output format', () => {
  it('of a command fails the node whose output does not fit, and gives its fields to those that follow', async () => {
    const world = await givenWorkflow(`
nodes:
  - id: look
    bash: echo '{"kind":"npm","count":2}'
    output_format: &form { type: object, properties: { kind: { enum: [npm, pip] }, count: { type: integer } }, required: [kind] }
  - { id: npm, bash: 'echo npm > kind', depends_on: [look], when: $look.output.kind == 'npm' && $look.output.count > 1 }
  - id: bad
    bash: echo '{"kind":"cargo"}'
    output_format: *form
`);
    await world.comment('mona', '/fleet go');
    const [task] = await world.tasks();
    expect(task?.reason).toContain(
      'Node `bad` gave an answer that does not fit `output_format`: /kind must be equal to one of',
    );
    expect(await statuses(world)).toContain('npm completed');
  });
});

describe('a workflow', () => {
  it('without pull requests tells what its last node said and pushes nothing', async () => {
    const world = await givenWorkflow(`
pull_request: false
nodes:
  - { id: test, bash: 'touch left-over; echo "12 tests | passed"' }
`);
    await world.comment('mona', '/fleet go');
    expect(await world.tasks()).toMatchObject([
      { status: 'completed', outcome: 'unchanged', reason: '12 tests | passed' },
    ]);
    expect(await world.pulls('one')).toEqual([]);
    const [issue] = await world.trackingIssues();
    expect(issue?.body).toContain('12 tests \\| passed');
  });

  it('fails where its evidence is missing, and where the machine lacks what it requires', async () => {
    const evidence = 'evidence: [report.md]\nnodes: [{ id: a, bash: touch other.md }]\n';
    const unproven = await givenWorkflow(evidence);
    await unproven.comment('mona', '/fleet go');
    expect((await unproven.tasks())[0]?.reason).toContain('left no `report.md`');

    const unable = await givenWorkflow('requires: [bash, no-such-program]\nnodes: [{ id: a, bash: touch x }]\n');
    await unable.comment('mona', '/fleet go');
    expect((await unable.tasks())[0]).toMatchObject({ category: 'config' });
  });
});
