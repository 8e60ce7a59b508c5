import { expect, test } from 'vitest';
import { services, workflowFiles } from './workflows.ts';
import { openWorld, type World } from './world.ts';

/** What stops a task while its nodes run side by side: nothing is lost, and nothing goes on. */
function givenWorkflow(lines: string, beside: Readonly<Record<string, string>> = {}): Promise<World> {
  const files = { ...workflowFiles({ go: `name: go\nservices: [{ tag: app }]\n${lines}`, ...beside }) };
  return openWorld({ platform: { files }, repositories: services('one') });
}

async function statuses(world: World): Promise<Record<string, string>> {
  const [task] = await world.tasks();
  const nodes = task === undefined ? [] : await world.store.read.nodes.ofTask(task.id, task.attempt);
  return Object.fromEntries(nodes.map(({ nodeId, status }) => [nodeId, status]));
}

test('a cancel beside a chain that is skipped ends the task, and nothing is pushed', async () => {
  const world = await givenWorkflow(`
nodes:
  - { id: look, bash: 'touch changed; exit 1', continue_on_error: true }
  - { id: fix, bash: 'true', depends_on: [look], when: $look.exit_code == 0 }
  - { id: test, bash: 'true', depends_on: [fix] }
  - { id: stop, cancel: Not here., depends_on: [look] }
`);
  await world.comment('mona', '/fleet go');
  expect(await world.tasks()).toMatchObject([{ status: 'cancelled', reason: 'Not here.' }]);
  expect(await world.pulls('one')).toEqual([]);
  expect(await statuses(world)).toMatchObject({ look: 'failed', fix: 'skipped', stop: 'completed' });
});

test('what was stopped says so, in groups too', async () => {
  const world = await givenWorkflow(`
nodes:
  - id: group
    loop_group:
      max_iterations: 1
      until: X
      nodes:
        - { id: slow, bash: sleep 60 }
        - { id: look, bash: echo found }
        - { id: stop, cancel: 'It was {{nodes.look.output}}.', depends_on: [look] }
`);
  await world.comment('mona', '/fleet go');
  expect(await world.tasks()).toMatchObject([{ status: 'cancelled', reason: 'It was found.' }]);
  expect(await statuses(world)).toEqual({
    group: 'failed',
    'group/1/slow': 'failed',
    'group/1/look': 'completed',
    'group/1/stop': 'completed',
  });
});

test('a group that runs too long fails by itself, and a cancel in it is still a cancel', async () => {
  const late = await givenWorkflow(`
nodes:
  - id: group
    timeout: 1s
    continue_on_error: true
    loop_group: { max_iterations: 1, until: X, nodes: [{ id: slow, bash: sleep 60 }] }
  - { id: after, bash: echo after > after, depends_on: [group] }
`);
  await late.comment('mona', '/fleet go');
  expect(await late.tasks()).toMatchObject([{ status: 'completed', outcome: 'changed' }]);
  expect(await statuses(late)).toMatchObject({ group: 'failed', 'group/1/slow': 'failed', after: 'completed' });

  const cancelled = await givenWorkflow(`
nodes:
  - id: group
    timeout: 1s
    continue_on_error: true
    loop_group:
      max_iterations: 1
      until: X
      nodes:
        - { id: stubborn, bash: 'trap "" TERM; for n in 1 2 3; do sleep 0.5; done' }
        - { id: look, bash: 'sleep 0.2' }
        - { id: stop, cancel: Enough., depends_on: [look] }
  - { id: after, bash: echo after > after, depends_on: [group] }
`);
  await cancelled.comment('mona', '/fleet go');
  expect(await cancelled.tasks()).toMatchObject([{ status: 'cancelled', reason: 'Enough.' }]);
});

test('a command that runs longer than the `timeout` of its node is stopped, and ends its task as timed out', async () => {
  const world = await givenWorkflow(`
nodes:
  - { id: slow, bash: 'echo begun; touch changed; sleep 60; touch never', timeout: 1s }
  - { id: after, bash: 'true', depends_on: [slow] }
`);
  await world.comment('mona', '/fleet go');
  expect(await world.tasks()).toMatchObject([{ status: 'timed_out', category: 'timeout' }]);
  expect((await world.tasks())[0]?.reason).toContain('ran longer than 1 s');
  expect(await statuses(world)).toEqual({ slow: 'failed', after: 'skipped' });
  expect(await world.pulls('one')).toEqual([]);
  expect((await world.trackingIssues())[0]?.body).toContain('begun');
});

test('long outputs of nodes with the same id in several scopes stay apart', async () => {
  const long = (letter: string): string => `head -c 100000 /dev/zero | tr '\\0' ${letter}`;
  const inner = `name: inner
nodes:
  - { id: build, bash: "${long('i').replaceAll('\\', '\\\\')}" }
  - { id: read, bash: 'head -c 3 "$NODES_BUILD_OUTPUT_FILE"', depends_on: [build] }
`;
  const world = await givenWorkflow(
    `
nodes:
  - { id: build, bash: "${long('o').replaceAll('\\', '\\\\')}" }
  - { id: one, include: inner }
  - { id: two, include: inner }
  - id: write
    bash: echo "$(head -c 3 "$NODES_BUILD_OUTPUT_FILE") $NODES_ONE_OUTPUT $NODES_TWO_OUTPUT" > result
    depends_on: [build, one, two]
`,
    { inner },
  );
  await world.comment('mona', '/fleet go');
  expect(await world.tasks()).toMatchObject([{ status: 'completed' }]);
  expect(await world.file('one', 'result', 'fleet/go')).toBe('ooo iii iii\n');
});

test('an output that is nested beyond reading fails its node and no more', async () => {
  const world = await givenWorkflow(`
nodes:
  - id: deep
    bash: head -c 20000 /dev/zero | tr '\\0' '['; head -c 20000 /dev/zero | tr '\\0' ']'
    output_format: { type: array }
    continue_on_error: true
  - { id: after, bash: 'echo "$NODES_DEEP_EXIT_CODE" > after', depends_on: [deep] }
`);
  await world.comment('mona', '/fleet go');
  expect(await world.tasks()).toMatchObject([{ status: 'completed', outcome: 'changed' }]);
  expect(await statuses(world)).toEqual({ deep: 'failed', after: 'completed' });
});
