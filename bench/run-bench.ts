/** How fast it is, and what safety costs: `npm run bench -- --only box --json result.json`. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { BenchmarkResult, Target } from './benchmark.ts';
import { BENCHMARKS } from './benchmarks.ts';
import { describeMachine } from './machine.ts';
import { machineLines, missedLines, resultLines } from './print-result.ts';

const say = (lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);

const isCounted = (target: Target): boolean => target.counted === true;

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    small: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});

const known = BENCHMARKS.map(({ name }) => name);
const unknown = values.only.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no benchmark "${unknown.join('", "')}". Known: ${known.join(', ')}.\n`);
  process.exit(1);
}

const machine = describeMachine();
say(machineLines(machine));
const results: Record<string, BenchmarkResult> = {};
const regressions: string[] = [];
for (const benchmark of BENCHMARKS) {
  if (values.only.length > 0 && !values.only.includes(benchmark.name)) continue;
  const { name, about } = benchmark;
  const whole = await benchmark.run({ small: values.small });
  const result = values.small ? countedAlone(whole) : whole;
  results[benchmark.name] = result;
  say(['', ...resultLines({ name, about: about({ small: values.small }) }, result)]);
  regressions.push(...missedLines(result, isCounted).map((line) => `${benchmark.name}: ${line}`));
}
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ machine, small: values.small, results }, null, 2)}\n`);
}
if (regressions.length > 0) {
  process.stderr.write(`\nWhat is counted became more:\n${regressions.join('\n')}\n`);
  process.exit(1);
}

/** A small run says nothing of times. */
function countedAlone(result: BenchmarkResult): BenchmarkResult {
  return result.measured ? { ...result, targets: result.targets.filter(isCounted) } : result;
}
