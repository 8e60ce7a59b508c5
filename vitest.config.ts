import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/contract/watch/summary.ts'],
    setupFiles: ['test/contract/watch/setup.ts'],
    pool: 'forks',
    // Stories wait for git and servers more than they compute: one worker a core, not one less.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    retry: 0,
  },
});
