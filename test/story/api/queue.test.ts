import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { services, workflowFiles } from '../workflows.ts';
import { openWorld } from '../world.ts';
import { ask } from './api-client.ts';

const WORK = `
name: work
inputs: { folder: { required: true, pattern: '^/[\\w./-]+$' } }
services: [{ tag: app }]
parallel: true
nodes:
  - { id: meet, bash: 'until test -e "$INPUTS_FOLDER/gate"; do sleep 0.05; done' }
`;

interface Task {
  status: string;
  queue_position: number | null;
}

test('no more tasks run at once than the caps allow, and the others see their place in the queue', async () => {
  const world = await openWorld({
    settings: 'api: { allow_pat: true }\ncaps: { system: 2, per_user: 2 }\n',
    platform: { files: workflowFiles({ work: WORK }) },
    repositories: services('one', 'two', 'three', 'four', 'five'),
  });
  const token = world.tokens.mona ?? '';
  const started = await ask(world, token, 'POST', '/v1/fleets', {
    control_repository: 'acme/platform',
    workflow: 'work',
    inputs: { folder: world.meeting },
    concurrency: 4,
  });
  const { id, parallel } = started.body.fleet;
  expect(parallel).toBe(4);
  const tasks = async (): Promise<Task[]> => (await ask(world, token, 'GET', `/v1/fleets/${id}`)).body.tasks;
  const settled = world.settle();
  let now = await tasks();
  while (now.filter(({ status }) => status === 'running').length < 2) {
    await setTimeout(20);
    now = await tasks();
  }
  expect(now.map(({ status, queue_position }) => [status, queue_position])).toEqual([
    ['running', null],
    ['running', null],
    ['queued', 1],
    ['queued', 2],
    ['queued', 3],
  ]);
  writeFileSync(join(world.meeting, 'gate'), '');
  await settled;
  await world.settle();
  const { body } = await ask(world, token, 'GET', `/v1/fleets/${id}`);
  expect(body).toMatchObject({ status: 'completed', counts: { total: 5, completed: 5, queued: 0, running: 0 } });
});
