import { parseOperatorSettings } from '../src/core/settings/parse-settings.ts';
import { createSandbox } from '../src/platform/sandbox/create-sandbox.ts';
import { probeSandbox } from '../src/platform/sandbox/probe.ts';
import type { BoxLimits, Sandbox } from '../src/ports/sandbox.ts';
import type { BenchmarkResult } from './benchmark.ts';
import { inTurns, median, spread, type Variant } from './measure.ts';

const DIFFERENCE = 'what the box adds';

/**
 * The same with boxes and without.
 * @param compared.atMostMs what boxes may add at the median; null: there is no target
 * @param compared.variant made twice, once for each kind of sandbox
 */
export async function compareBoxes(compared: {
  small: boolean;
  repetitions: number;
  atMostMs: number | null;
  variant(sandbox: Sandbox): Variant;
}): Promise<BenchmarkResult> {
  const facts = await probeSandbox(process.env.PATH ?? '');
  if ('problem' in facts) return { measured: false, reason: `${facts.problem}. ${facts.remedy}` };
  const { small, variant, atMostMs } = compared;
  const common = { limits: defaultLimits(), read: [], hosts: [], openEgress: nobodyAsks };
  const repetitions = small ? 10 : compared.repetitions;
  const times = await inTurns(
    {
      unboxed: variant(createSandbox({ facts: null, ...common })),
      boxed: variant(createSandbox({ facts, ...common })),
    },
    { warmUp: Math.ceil(repetitions / 10), repetitions },
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
    targets: atMostMs === null ? [] : [{ figure: DIFFERENCE, atMost: atMostMs }],
  };
}

/** Those of a server whose operator sets none. */
function defaultLimits(): BoxLimits {
  const settings = parseOperatorSettings('', 'defaults');
  if (!settings.ok) throw new Error('The defaults of the settings have faults.');
  const { box, disk } = settings.value;
  return { ...box, cpuSeconds: Math.ceil(box.cpuMs / 1000), diskBytes: disk.perWorkspaceBytes };
}

const nobodyAsks = (): Promise<never> => Promise.reject(new Error('These boxes reach no host.'));
