import type { Benchmark, BenchmarkResult, Figure, Target } from './benchmark.ts';
import type { Machine } from './machine.ts';

export function machineLines(machine: Machine): string[] {
  const { processor, cores, memoryGiB, system, node, git, bubblewrap, load } = machine;
  return [
    `${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}, load ${load}`,
    `node ${node}, git ${git}, bubblewrap ${bubblewrap ?? 'none'}`,
  ];
}

export function resultLines({ name, about }: Pick<Benchmark, 'name' | 'about'>, result: BenchmarkResult): string[] {
  if (!result.measured) return [`${name}: skipped. ${result.reason}`];
  return [
    `${name}: ${about}; medians of ${result.repetitions} repetitions in turns`,
    ...result.figures.map(figureLine),
    ...result.targets.map((target) => targetLine(target, result.figures)),
  ];
}

function figureLine({ name, value, unit, spread }: Figure): string {
  const around = spread === undefined ? '' : `   (${spread[0].toFixed(2)} to ${spread[1].toFixed(2)})`;
  return `  ${name.padEnd(24)}${value.toFixed(2).padStart(9)} ${unit}${around}`;
}

function targetLine({ figure, atMost }: Target, figures: readonly Figure[]): string {
  const found = figures.find(({ name }) => name === figure);
  if (found === undefined) throw new Error(`There is no figure "${figure}".`);
  const met = found.value <= atMost ? 'met' : 'MISSED';
  return `  target: ${figure} at most ${atMost} ${found.unit}: ${met}`;
}
