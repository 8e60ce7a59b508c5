import type { GitBox } from './git-box.ts';

/** Far more than any local call needs; one that waits for a pipe in the work tree would otherwise wait for ever. */
export const LOCAL_TIMEOUT_MS = 10 * 60_000;
export const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;
export const STDERR_BYTES = 4096;

export interface GitCall {
  gitDir: string;
  /** Absent: git runs on the host, as only what talks to a remote or writes refs of a mirror may; never with a work tree. */
  box?: GitBox;
  /** A box that is open already, in place of one for this call alone. */
  session?: GitSession;
  /** Absent: git sees no work tree at all. */
  workTree?: string;
  env?: Readonly<Record<string, string>>;
  settings?: readonly string[];
  input?: Uint8Array | string;
  /** Exit codes besides 0 that are answers, not failures. */
  accept?: readonly number[];
  /** Ten minutes when absent. */
  timeoutMs?: number;
  /** Bytes of output after which git is ended, and its answer is what it had said until then. */
  mostOutput?: number;
  /** It asks a remote by HTTP, and an error tells the last answer; never in a box. */
  http?: boolean;
  /** Ends git. */
  signal?: AbortSignal | undefined;
  /** Replaced in everything that git says before anybody else sees it. */
  secrets?: readonly string[];
}

export interface GitAnswer {
  stdout: Buffer;
  stderr: string;
  code: number;
  /** It had more to say than `mostOutput`. */
  truncated: boolean;
}

/** Several calls of our git in one box, one after the other. */
export interface GitSession {
  /** @throws GitError, after which a session whose git had to be stopped answers no more */
  run(args: readonly string[], call: SessionCall): Promise<GitAnswer>;
}

export type SessionCall = Omit<GitCall, 'box' | 'session' | 'secrets' | 'mostOutput' | 'http'>;

/** Where a call works, as git is told. */
export const placeOf = ({ gitDir, workTree }: Pick<GitCall, 'gitDir' | 'workTree'>): string[] => [
  `--git-dir=${gitDir}`,
  ...(workTree === undefined ? [] : [`--work-tree=${workTree}`]),
];
