import { expect, test } from 'vitest';
import { fleetKey } from '../../src/core/fleet-key.ts';

const parts = { installationId: 1, controlRepositoryId: 2, workflow: 'bump', inputs: { a: '1', b: '2' } };

test('the key is a SHA-256 that does not depend on the order of the inputs', () => {
  const key = fleetKey(parts);
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect(fleetKey({ ...parts, inputs: { b: '2', a: '1' } })).toBe(key);
});

test.each([
  { installationId: 3 },
  { controlRepositoryId: 3 },
  { workflow: 'bumpa' },
  { inputs: { a: '1' } },
  { inputs: { a: '2', b: '1' } },
  { inputs: { a: '1","b":"2' } },
  { inputs: { a: '1', b: '2', c: '' } },
])('another %j gives another key', (change) => {
  expect(fleetKey({ ...parts, ...change })).not.toBe(fleetKey(parts));
});
