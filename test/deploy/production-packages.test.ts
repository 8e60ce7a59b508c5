import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { write } from '../rehearse/given-folder.ts';
import { openProcessWorld } from '../story/process-world.ts';
import { bump, services, workflowFiles } from '../story/workflows.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Paths such as `node_modules/vitest/` that `npm ci --omit=dev` leaves out. */
function developmentPackages(): string[] {
  const lockfile = z.object({
    packages: z.record(z.string(), z.object({ dev: z.boolean().optional(), devOptional: z.boolean().optional() })),
  });
  const { packages } = lockfile.parse(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')));
  return Object.entries(packages).flatMap(([path, { dev, devOptional }]) => (dev || devOptional ? [`${path}/`] : []));
}

/** For `--import`: whoever resolves one of them does not find it. */
const withoutThem = (missing: readonly string[]): string => `
import { registerHooks } from 'node:module';
const missing = ${JSON.stringify(missing)};
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    const hit = missing.find((path) => found.url.includes('/' + path));
    if (hit !== undefined) throw new Error('PRODUCTION LACKS ' + hit + ' for ' + specifier);
    return found;
  },
});
`;

it('the server runs a fleet to its end without the packages of development', async () => {
  const missing = developmentPackages();
  expect(missing).toContain('node_modules/vitest/');
  expect(missing).not.toContain('node_modules/probot/');
  const files = workflowFiles({ bump: bump('[{ tag: app }]') });
  const world = await openProcessWorld({ files, repositories: services('service-1') });
  const hook = write(join(world.folder, 'without.mjs'), withoutThem(missing));
  await world.startApp(undefined, { NODE_OPTIONS: `--import=${hook}` });
  await world.comment('/fleet bump version=2.0');
  const read = await world.openReads();
  await expect
    .poll(async () => (await read.fleets.all()).map(({ endedAt }) => endedAt !== null), { timeout: 40_000 })
    .toEqual([true]);
  const [fleet] = await read.fleets.all();
  expect(await read.tasks.ofFleet(fleet?.id ?? ''), world.log()).toMatchObject([{ outcome: 'changed' }]);
  expect(world.log()).not.toContain('PRODUCTION LACKS');
}, 60_000);

it('a package of development is not found there', async () => {
  const world = await openProcessWorld({ files: {}, repositories: [] });
  const hook = write(
    join(world.folder, 'without.mjs'),
    withoutThem([...developmentPackages(), 'node_modules/probot/']),
  );
  await expect(world.startApp(undefined, { NODE_OPTIONS: `--import=${hook}` })).rejects.toThrow(
    'PRODUCTION LACKS node_modules/probot/',
  );
});
