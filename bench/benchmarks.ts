import type { Benchmark } from './benchmark.ts';
import { box } from './box.ts';
import { snapshot } from './snapshot.ts';
import { status } from './status.ts';

/** In the order in which they run. */
export const BENCHMARKS: readonly Benchmark[] = [box, snapshot, status];
