import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Tests that violate the contract, for the test that looks whether they fail. */
export default defineConfig({
  test: {
    root: join(import.meta.dirname, '..', '..', '..', '..'),
    include: ['test/contract/watch/sample/*.sample.ts'],
    globalSetup: ['test/contract/watch/summary.ts'],
    setupFiles: ['test/contract/watch/setup.ts'],
    pool: 'forks',
    experimental: { viteModuleRunner: false, nodeLoader: false },
  },
});
