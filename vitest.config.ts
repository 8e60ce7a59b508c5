import { defineConfig } from 'vitest/config';

/** Whole journeys, and rules without any outside: they share a process, because starting and warming one takes longer than a test. */
const TOGETHER = ['test/{core,properties,story,second-opinion,local-github}/**/*.test.ts'];

export default defineConfig({
  test: {
    globalSetup: ['test/contract/watch/summary.ts'],
    setupFiles: ['test/contract/watch/setup.ts'],
    pool: 'forks',
    // Stories wait for git and servers more than they compute: one worker a core, not one less.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    retry: 0,
    projects: [
      { extends: true, test: { name: 'together', include: TOGETHER, isolate: false } },
      { extends: true, test: { name: 'alone', include: ['test/**/*.test.ts'], exclude: TOGETHER } },
    ],
  },
});
