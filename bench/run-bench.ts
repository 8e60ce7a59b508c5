/** How fast it is, and what safety costs: `npm run bench -- --only box --json result.json`. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { BenchmarkResult } from './benchmark.ts';
import { BENCHMARKS } from './benchmarks.ts';
import { describeMachine } from './machine.ts';
import { machineLines, resultLines } from './print-result.ts';

const say = (lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);

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
for (const benchmark of BENCHMARKS) {
  if (values.only.length > 0 && !values.only.includes(benchmark.name)) continue;
  const result = await benchmark.run({ small: values.small });
  results[benchmark.name] = result;
  say(['', ...resultLines(benchmark, values.small && result.measured ? { ...result, targets: [] } : result)]);
}
if (values.json !== undefined) {
  writeFileSync(values.json, `${JSON.stringify({ machine, small: values.small, results }, null, 2)}\n`);
}
