import { createWorkspaces } from '../src/platform/git/create-workspaces.ts';
import { makeGitWorld, requestFor, write } from '../test/platform/git/git-world.ts';
import type { Benchmark } from './benchmark.ts';
import { compareBoxes } from './compare-boxes.ts';

const FILES = 1000;
const CHANGED = 10;

export const snapshot: Benchmark = {
  name: 'snapshot',
  about: () =>
    `the commit's tree of ${CHANGED} changed files among ${FILES}, by our git in its boxes, against the same without`,
  async run({ small }) {
    const world = makeGitWorld();
    try {
      world.commit(Object.fromEntries(Array.from({ length: FILES }, (_, at) => [path(at), `${at}\n`])));
      const workspace = await world.workspaces.prepare(requestFor());
      for (let at = 0; at < CHANGED; at += 1) write(workspace.tree, path(at), 'changed\n');
      return await compareBoxes({
        small,
        repetitions: 50,
        atMostMs: null,
        variant: (sandbox) => {
          const { dataDir } = world;
          const workspaces = createWorkspaces({
            dataDir,
            github: NO_GITHUB,
            clock: { now: Date.now },
            log: SILENT,
            sandbox,
          });
          return async () => {
            const { changes } = await workspaces.snapshot(workspace);
            if (changes.length !== CHANGED) throw new Error(`The snapshot has ${changes.length} changes.`);
          };
        },
      });
    } finally {
      world.close();
    }
  },
};

const path = (at: number): string => `folder-${at % 20}/file-${at}.txt`;
const NO_GITHUB = {
  gitToken: () => Promise.reject(new Error('There is no GitHub.')),
  cloneUrl: (name: string) => name,
};
const nothing = (): void => undefined;
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };
