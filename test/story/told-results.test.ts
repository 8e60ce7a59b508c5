import { expect, it } from 'vitest';
import { services, workflowFiles } from './workflows.ts';
import { openWorld, type World } from './world.ts';

async function ran(lines: string): Promise<World> {
  const go = `name: go\nservices: [{ tag: app }]\n${lines}`;
  const world = await openWorld({ platform: { files: workflowFiles({ go }) }, repositories: services('one') });
  await world.comment('mona', '/fleet go');
  return world;
}

const body = async (world: World): Promise<string> => (await world.trackingIssues())[0]?.body ?? '';

it('the reason of a cancel stands in the tracking issue', async () => {
  const world = await ran("nodes:\n  - { id: stop, cancel: 'Frozen until the release.' }\n");
  expect(await world.tasks()).toMatchObject([{ status: 'cancelled' }]);
  expect(await body(world)).toContain('### Cancelled by the workflow (1)');
  expect(await body(world)).toContain('Frozen until the release.');
});

it('the whole report of a last node that failed and may stands in the tracking issue', async () => {
  const world = await ran(`
pull_request: false
nodes:
  - { id: prepare, bash: echo prepared }
  - id: test
    bash: for n in $(seq 100); do echo "ok $n - a check"; done; echo "3 tests failed"; exit 1
    depends_on: [prepare]
    continue_on_error: true
`);
  expect(await world.tasks()).toMatchObject([{ status: 'completed', outcome: 'unchanged' }]);
  expect(await body(world)).toMatch(/### Reports \(1\)[\s\S]*ok 1 - a check[\s\S]*3 tests failed/);
});

it('a task limit that is reached in `only_if` is told as a time-out', async () => {
  const world = await ran('limits: { task_timeout: 1s }\nonly_if: sleep 60\nnodes:\n  - { id: a, bash: touch x }\n');
  expect(await world.tasks()).toMatchObject([{ status: 'timed_out', category: 'timeout' }]);
});
