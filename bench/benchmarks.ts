import type { Benchmark } from './benchmark.ts';
import { box } from './box.ts';
import { engine } from './engine.ts';
import { fanOut } from './fan-out.ts';
import { memory } from './memory.ts';
import { planning } from './planning.ts';
import { reporting } from './reporting.ts';
import { requests } from './requests.ts';
import { snapshot } from './snapshot.ts';
import { status } from './status.ts';
import { warm } from './warm.ts';
import { webhook } from './webhook.ts';

/** In the order in which they run. */
export const BENCHMARKS: readonly Benchmark[] = [
  fanOut,
  requests,
  planning,
  memory,
  engine,
  reporting,
  warm,
  webhook,
  status,
  box,
  snapshot,
];
