import type { BenchmarkResult, Figure, Target, Unit } from './benchmark.ts';
import type { Machine } from './machine.ts';

export function machineLines(machine: Machine): string[] {
  const { processor, cores, memoryGiB, system, node, git, bubblewrap, fileSystem, load } = machine;
  return [
    `${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}, load ${load}`,
    `node ${node}, git ${git}, bubblewrap ${bubblewrap ?? 'none'}, files on ${fileSystem}`,
  ];
}

export function resultLines({ name, about }: { name: string; about: string }, result: BenchmarkResult): string[] {
  if (!result.measured) return [`${name}: skipped. ${result.reason}`];
  const { repetitions, figures, targets } = result;
  const width = Math.max(24, ...figures.map((figure) => figure.name.length + 2));
  return [
    `${name}: ${about}; ${repetitions === 1 ? 'one run' : `medians of ${repetitions} repetitions in turns`}`,
    ...figures.map((figure) => figureLine(figure, width)),
    ...targets.map((target) => targetLine(target, figureOf(target, figures))),
  ];
}

/** The targets that this result misses, as printed. */
export function missedLines(result: BenchmarkResult, which: (target: Target) => boolean): string[] {
  if (!result.measured) return [];
  const { figures, targets } = result;
  return targets
    .filter((target) => which(target) && !isMet(target, figureOf(target, figures)))
    .map((target) => `${targetLine(target, figureOf(target, figures)).trim()}, ${figureOf(target, figures).value}`);
}

function figureLine({ name, value, unit, spread }: Figure, width: number): string {
  const around = spread === undefined ? '' : `   (${spread.map((end) => written(end, unit)).join(' to ')})`;
  return `  ${name.padEnd(width)}${written(value, unit).padStart(9)} ${unit}${around}`;
}

function targetLine(target: Target, figure: Figure): string {
  const bound = 'atMost' in target ? `at most ${target.atMost}` : `at least ${target.atLeast}`;
  return `  target: ${target.figure} ${bound} ${figure.unit}: ${isMet(target, figure) ? 'met' : 'MISSED'}`;
}

const isMet = (target: Target, { value }: Figure): boolean =>
  'atMost' in target ? value <= target.atMost : value >= target.atLeast;

function figureOf({ figure }: Target, figures: readonly Figure[]): Figure {
  const found = figures.find(({ name }) => name === figure);
  if (found === undefined) throw new Error(`There is no figure "${figure}".`);
  return found;
}

/** What is counted has no fraction, unless it is a mean. */
const written = (value: number, unit: Unit): string =>
  unit !== 'ms' && unit !== 's' && unit !== '×' && Number.isInteger(value) ? String(value) : value.toFixed(2);
