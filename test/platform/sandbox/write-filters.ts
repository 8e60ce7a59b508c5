import { writeFileSync } from 'node:fs';
import { type FilteredArchitecture, filterProgram } from '../../../src/platform/sandbox/filters/filter-program.ts';

const ARCHITECTURES: readonly FilteredArchitecture[] = ['x64', 'arm64'];

for (const architecture of ARCHITECTURES) {
  const file = new URL(`../../../src/platform/sandbox/filters/${architecture}.bpf`, import.meta.url);
  writeFileSync(file, filterProgram(architecture));
}
