import { delimiter, dirname, join } from 'node:path';
import { parseOperatorSettings } from '../src/core/settings/parse-settings.ts';
import { createProcesses } from '../src/platform/process/create-processes.ts';
import { createSandbox } from '../src/platform/sandbox/create-sandbox.ts';
import { probeSandbox } from '../src/platform/sandbox/probe.ts';
import type { Processes } from '../src/ports/process.ts';
import type { BoxLimits, Sandbox } from '../src/ports/sandbox.ts';
import type { Workspace } from '../src/ports/workspace.ts';
import { commandBox } from '../src/worker/workspace-box.ts';
import { makeGitWorld, requestFor } from '../test/platform/git/git-world.ts';
import type { Benchmark, BenchmarkResult } from './benchmark.ts';
import { inTurns, median, spread, type Variant } from './measure.ts';

const DIFFERENCE = 'what the box adds';
const TARGET_MS = 10;

export const box: Benchmark = {
  name: 'box',
  about: 'the command `true` of a task in its box, against the same without a box',
  run,
};

async function run({ small }: { small: boolean }): Promise<BenchmarkResult> {
  const facts = await probeSandbox(process.env.PATH ?? '');
  if ('problem' in facts) return { measured: false, reason: `${facts.problem}. ${facts.remedy}` };
  const limits = defaultLimits();
  const sandboxes = { boxed: facts, unboxed: null };
  const world = makeGitWorld();
  try {
    world.commit({ 'package.json': '{}\n' });
    const workspace = await world.workspaces.prepare(requestFor());
    const variant = (of: keyof typeof sandboxes): Variant =>
      commandIn(
        workspace,
        createSandbox({ facts: sandboxes[of], limits, read: [], hosts: [], openEgress: nobodyAsks }),
      );
    const repetitions = small ? 10 : 200;
    const times = await inTurns(
      { unboxed: variant('unboxed'), boxed: variant('boxed') },
      { warmUp: small ? 2 : 20, repetitions },
    );
    const [without, within] = [median(times.unboxed), median(times.boxed)];
    return {
      measured: true,
      repetitions,
      figures: [
        { name: 'without a box', value: without, unit: 'ms', spread: spread(times.unboxed) },
        { name: 'in its box', value: within, unit: 'ms', spread: spread(times.boxed) },
        { name: DIFFERENCE, value: within - without, unit: 'ms' },
        { name: 'ratio', value: within / without, unit: '×' },
      ],
      targets: [{ figure: DIFFERENCE, atMost: TARGET_MS }],
    };
  } finally {
    world.close();
  }
}

/** As a node of a workflow is run: its mounts, its log, its note of the process group, its limits. */
function commandIn(workspace: Workspace, sandbox: Sandbox): Variant {
  const processes: Processes = createProcesses({ log: SILENT, sandbox });
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

/** Those of a server whose operator sets none. */
function defaultLimits(): BoxLimits {
  const settings = parseOperatorSettings('', 'defaults');
  if (!settings.ok) throw new Error('The defaults of the settings have faults.');
  const { box: limits, disk } = settings.value;
  return { ...limits, cpuSeconds: Math.ceil(limits.cpuMs / 1000), diskBytes: disk.perWorkspaceBytes };
}

const nothing = (): void => undefined;
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };

const nobodyAsks = () => Promise.reject(new Error('This box reaches nothing.'));
