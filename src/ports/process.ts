import type { Box, BoxResource } from './sandbox.ts';

/** Running an untrusted child: in a box, with a cleared environment, its own process group, bounded output. */
export interface ChildRequest {
  command: string;
  args: readonly string[];
  cwd: string;
  /** The whole environment; nothing is inherited. */
  env: Readonly<Record<string, string>>;
  /** What it may see, use and reach. */
  box: Box;
  timeoutMs: number;
  /** Kills the process group. */
  signal: AbortSignal;
  /** Bytes of combined output kept in memory: the head and the tail. */
  maxOutputBytes: number;
  /** The whole combined output is written here as it comes (bounded by the runner), in place of an earlier log. */
  logFile: string;
  /** The process group is noted here, so that a later process can end it when this one was killed: `Workspace.pids`. */
  pidsFile: string;
}

export interface ChildResult {
  exitCode: number | null;
  signal: string | null;
  timedOut: boolean;
  aborted: boolean;
  /** It ran in a box, whose limits it may have met. */
  boxed: boolean;
  /** What it was killed for, to complete "it …"; null: it stayed within the limits. */
  exceeded: { what: string; resource: BoxResource } | null;
  /** Standard output, bounded, without secrets, as the log and the tail are. */
  stdout: string;
  /** Standard output and error as they came, bounded to the tail. */
  tail: string;
}

export interface Processes {
  run(request: ChildRequest): Promise<ChildResult>;
}
