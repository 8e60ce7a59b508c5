import { expect, test } from 'vitest';
import { openWorld } from '../world.ts';
import { ask } from './api-client.ts';

const WORKFLOW = `name: set-version
inputs: { version: { required: true } }
services: any
nodes:
  - id: set
    bash: echo "$INPUTS_VERSION" > VERSION
`;

test('a fleet starts by a request, and its status tells tasks and pull requests', async () => {
  const world = await openWorld({
    repositories: [{ name: 'service-a' }, { name: 'service-b' }],
    platform: { files: { '.github/fleet/set-version.yml': WORKFLOW } },
  });
  const token = world.appTokens.mona ?? '';
  const submitted = await ask(world, token, 'POST', '/v1/fleets', {
    control_repository: 'acme/platform',
    workflow: 'set-version',
    inputs: { version: '2.0' },
    repositories: ['service-a', 'acme/service-b', 'ACME/service-b'],
  });
  expect(submitted.status, JSON.stringify(submitted.body)).toBe(201);
  const { fleet } = submitted.body;
  expect(submitted.headers.get('location')).toBe(`/v1/fleets/${fleet.id}`);
  expect(new Set(fleet.tasks.map(({ id }: { id: string }) => id)).size).toBe(2);
  expect(fleet.tasks[0].queue_position).toBe(1);
  await world.settle();
  const { status, body } = await ask(world, token, 'GET', `/v1/fleets/${fleet.id}`);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    status: 'completed',
    counts: { total: 2, completed: 2 },
    pull_requests: 2,
    door: 'api',
  });
  expect(body.tasks[0].pull_request.url).toContain('/acme/service-a/pull/');
  const [issue] = await world.trackingIssues();
  expect(issue?.body).toContain('through the HTTP API');
});
