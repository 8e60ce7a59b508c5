import { delimiter, dirname, join } from 'node:path';
import { createProcesses } from '../src/platform/process/create-processes.ts';
import type { Sandbox } from '../src/ports/sandbox.ts';
import type { Workspace } from '../src/ports/workspace.ts';
import { commandBox } from '../src/worker/workspace-box.ts';
import { makeGitWorld, requestFor } from '../test/platform/git/git-world.ts';
import type { Benchmark } from './benchmark.ts';
import { compareBoxes } from './compare-boxes.ts';
import type { Variant } from './measure.ts';

export const box: Benchmark = {
  name: 'box',
  about: () => 'the command `true` of a task in its box, against the same without a box',
  async run({ small }) {
    const world = makeGitWorld();
    try {
      world.commit({ 'package.json': '{}\n' });
      const workspace = await world.workspaces.prepare(requestFor());
      return await compareBoxes({
        small,
        repetitions: 200,
        atMostMs: 10,
        variant: (sandbox) => commandIn(workspace, sandbox),
      });
    } finally {
      world.close();
    }
  },
};

/** As a node of a workflow is run: its mounts, its log, its note of the process group, its limits. */
function commandIn(workspace: Workspace, sandbox: Sandbox): Variant {
  const processes = createProcesses({ log: SILENT, sandbox });
  const { signal } = new AbortController();
  return async () => {
    const { exitCode, tail } = await processes.run({
      command: 'true',
      args: [],
      cwd: workspace.tree,
      env: { PATH: [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter), HOME: workspace.home },
      box: commandBox(workspace),
      timeoutMs: 60_000,
      signal,
      maxOutputBytes: 1024 * 1024,
      logFile: join(workspace.logs, 'true.log'),
      pidsFile: workspace.pids,
    });
    if (exitCode !== 0) throw new Error(`true ended with ${exitCode}: ${tail}`);
  };
}

const nothing = (): void => undefined;
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };
