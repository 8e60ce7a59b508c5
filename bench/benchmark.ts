/** One question about speed or cost, answered by what was measured in one run. */
export interface Benchmark {
  /** As `--only` names it. */
  name: string;
  /** What is measured, or compared with what, as a sentence without its point. */
  about(options: { small: boolean }): string;
  /** @param small fewer repetitions and repositories: whether it works and what it counts, not how fast */
  run(options: { small: boolean }): Promise<BenchmarkResult>;
}

export type BenchmarkResult =
  | { measured: true; repetitions: number; figures: readonly Figure[]; targets: readonly Target[] }
  /** What this machine lacks. */
  | { measured: false; reason: string };

export type Unit =
  | 'ms'
  | 's'
  | '×'
  | 'MiB'
  | 'bytes'
  | 'requests'
  | 'edits'
  | 'rows'
  | 'pages'
  | 'per task'
  | 'per second'
  | 'per minute';

export interface Figure {
  name: string;
  value: number;
  unit: Unit;
  /** Of the repetitions, from the tenth to the ninetieth percentile; absent for what was computed from others. */
  spread?: readonly [number, number];
}

/** What a figure may be at most, or must be at least. */
export type Target = {
  figure: string;
  /** The same on every machine, as requests and bytes are: missing it fails the run, in the small form too. */
  counted?: true;
} & ({ atMost: number } | { atLeast: number });
