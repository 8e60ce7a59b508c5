import { expect, test } from 'vitest';
import { ask } from './api-client.ts';
import { BOT, jobToken, openJobWorld } from './jobs.ts';

const submission = {
  control_repository: 'acme/platform',
  workflow: 'bump',
  inputs: { version: '2.0' },
};

test('a job starts a fleet as a listed dispatcher, for the person in run_as, and follows it', async () => {
  const world = await openJobWorld();
  const token = await jobToken(world);
  const submitted = await ask(world, token, 'POST', '/v1/fleets', submission);
  expect(submitted.status, JSON.stringify(submitted.body)).toBe(201);
  expect(submitted.body.fleet).toMatchObject({ door: 'api', sender: { login: BOT }, run_as: { login: 'mona' } });
  await world.settle();
  // Another job, with another token.
  const followed = await ask(world, await jobToken(world), 'GET', `/v1/fleets/${submitted.body.fleet.id}`);
  expect(followed.body).toMatchObject({ status: 'completed', pull_requests: 2 });
});
