import { expect, it } from 'vitest';
import { runFaults } from './faults-run.ts';

it('loses and doubles nothing while it is killed twenty times', async () => {
  const { status, said, last } = await runFaults(['--kills', '20', '--seed', '3']);
  expect(last, said).toMatch(/^kills=20 fleets=\d+ effects=\d+ violations=0 seed=3$/);
  // Half of the kills, each at another side of a point.
  expect(said).toMatch(/^met 10 of 20: /m);
  expect(status).toBe(0);
}, 180_000);
