import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runFaults } from './faults-run.ts';

const PLANT = new URL('./plant-branch.ts', import.meta.url).href;

it('tells a branch without a pull request, ends with status 1 and leaves its folder', async () => {
  const { status, said, last } = await runFaults(['--kills', '1', '--seed', '3'], ['--import', PLANT]);
  const folder = /^What is left of the run, with the logs: (.+)$/m.exec(said)?.[1];
  expect(folder, said).toBeDefined();
  if (folder !== undefined) rmSync(folder, { recursive: true });
  expect(said).toMatch(/^VIOLATION .*service-0: the branch fleet\/planted has no pull request$/m);
  expect(last, said).toMatch(/^kills=1 fleets=1 effects=\d+ violations=1 seed=3$/);
  expect(status).toBe(1);
}, 180_000);
