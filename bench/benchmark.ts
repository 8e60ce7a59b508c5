/** One question about speed, answered by ratios that were measured in one run. */
export interface Benchmark {
  /** As `--only` names it. */
  name: string;
  /** What is compared with what, as a sentence without its point. */
  about: string;
  /** @param small fewer repetitions: whether it works, not how fast */
  run(options: { small: boolean }): Promise<BenchmarkResult>;
}

export type BenchmarkResult =
  | { measured: true; repetitions: number; figures: readonly Figure[]; targets: readonly Target[] }
  /** What this machine lacks. */
  | { measured: false; reason: string };

export interface Figure {
  name: string;
  value: number;
  unit: 'ms' | '×';
  /** Of the repetitions, from the tenth to the ninetieth percentile; absent for what was computed from others. */
  spread?: readonly [number, number];
}

/** What a figure may be at most. */
export interface Target {
  figure: string;
  atMost: number;
}
