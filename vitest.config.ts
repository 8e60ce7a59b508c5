import { defineConfig } from 'vitest/config';
import { COMPILE_CACHE } from './test/compile-cache.ts';
import { memoryFolder } from './test/memory-folder.ts';

/** Nothing but rules: no process, no server. Apart from the others, because a large process is slow to start git from. */
const RULES = ['test/{core,properties,docs}/**/*.test.ts'];
/** nock takes the network away from the whole process, so what uses it shares one with nothing else. */
const CANNED = ['test/platform/github/*.test.ts'];

/** Whole journeys. */
const STORIES = ['test/story/**/*.test.ts'];
/** An app that is killed again and again. It waits more than it computes, so it runs beside all others: projects begin in the order of their names. */
const CRASHES = ['test/faults/short-form.test.ts'];
/**
 * Programs from their start to their end, stories told again at somebody else's double, and stories that take long, so that
 * `npm test` does not: `npm run test:programs`, which `npm run check` runs too.
 */
const PROGRAMS = [
  'test/{main,local-github/command}.test.ts',
  'test/story/{agents,approval-verbs,budget,bundled,bundled-agents,bundled-npm,caps,checkboxes,disk,dispatch,drain,evidence,language,metrics,notifications}.test.ts',
  'test/story/{limits,missed-webhooks,pacing,plan,preview,publication,rerun,restart,refused-changes,cancel,rollout,stopped-nodes,trouble,undo,waiting}.test.ts',
  'test/story/github-trouble/**/*.test.ts',
  'test/story/api/!(submit|openapi).test.ts',
  'test/deploy/**/*.test.ts',
  'test/faults/planted.test.ts',
  'test/attacks/{agents,repositories}.test.ts',
  'test/{cli,second-opinion,contract/upgrade,contract/watch}/**/*.test.ts',
];

/** Hostile workflows, repositories and agents, each in a real box. */
const ATTACKS = ['test/attacks/**/*.test.ts'];
/** Agents of other makers, which `npm run test:agents` fetches. */
const AGENTS = ['test/agents/*.test.ts'];

/** Files share processes, because starting and warming one takes longer than most of them: none may leave anything behind. */
const project = (name: string, include: string[], exclude: string[] = []) => ({
  extends: true as const,
  test: { name, include, exclude, isolate: false },
});

const ENVIRONMENT = { ...COMPILE_CACHE, ...memoryFolder() };
const BOXED = { ...ENVIRONMENT, FLEET_TEST_BOXED: '1' };

const attacked = project('attacks', ATTACKS, PROGRAMS);
const attacks = { ...attacked, test: { ...attacked.test, env: BOXED, globalSetup: ['test/attacks/require-boxes.ts'] } };
const told = project('programs', PROGRAMS);
const programs = { ...told, test: { ...told.test, env: BOXED } };

export default defineConfig({
  test: {
    globalSetup: ['test/contract/watch/summary.ts'],
    setupFiles: ['test/contract/watch/setup.ts'],
    pool: 'forks',
    env: ENVIRONMENT,
    // Node reads our TypeScript itself, in tests as where it runs; nothing here needs modules that Vite has changed.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // Stories wait for git and servers more than they compute: one worker a core, not one less.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    retry: 0,
    projects: [
      project('rules', RULES),
      project('canned', CANNED),
      project('crashes', CRASHES),
      project('stories', STORIES, PROGRAMS),
      project(
        'rooms',
        ['test/**/*.test.ts'],
        [...RULES, ...CANNED, ...CRASHES, ...STORIES, ...PROGRAMS, ...ATTACKS, 'test/agents/**'],
      ),
      programs,
      attacks,
      project('agents', AGENTS),
    ],
  },
});
