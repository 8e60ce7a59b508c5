import { TaskFailure } from '../../../core/failures.ts';
import type { Repository } from '../../../core/plan.ts';
import type { GitAccess } from '../../../ports/github.ts';
import { GitHubError } from '../../../ports/github-reads.ts';
import type { Workspaces } from '../../../ports/workspace.ts';
import type { BoxFacts } from '../../sandbox/box-arguments.ts';
import type { SandboxOptions } from '../../sandbox/create-sandbox.ts';

/** What the process of our git has to know. */
export interface GitProcessOptions {
  dataDir: string;
  /** `https://github.com`; a clone is at `<webUrl>/<owner>/<name>.git`. */
  webUrl: string;
  /** See RemoteHost. */
  gitTimeoutMs: number;
  sandbox: Pick<SandboxOptions, 'limits' | 'read' | 'hidden'> & { facts: BoxFacts | null };
}

export type Method = keyof Workspaces;
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What it asks back while a call is under way. */
export type Question =
  | { about: 'token'; installationId: number; repositoryId: number; access: GitAccess; fresh: boolean }
  | { about: 'repository'; installationId: number; fullName: string }
  /** One of the functions that the call was given. */
  | { about: 'function'; call: number; argument: unknown };

export type ToGit =
  | { kind: 'start'; options: GitProcessOptions }
  /** `aborted`: its signal was, before it was sent. */
  | { kind: 'call'; id: number; method: Method; args: readonly unknown[]; aborted: boolean }
  | { kind: 'abort'; id: number }
  | { kind: 'answer'; id: number; outcome: Outcome };

export type FromGit =
  | { kind: 'done'; id: number; outcome: Outcome }
  | { kind: 'ask'; id: number; question: Question }
  | { kind: 'log'; level: LogLevel; fields: object; message: string };

export type Outcome = { ok: true; value: unknown } | { ok: false; error: SentError };

/** In the place of a function, which cannot be sent, and of a signal. */
export const FUNCTION = '\0function';
export const SIGNAL = '\0signal';

/** An error as it crosses from one process to the other, with what callers look at. */
export interface SentError {
  name: string;
  message: string;
  category?: TaskFailure['category'];
  github?: Pick<GitHubError, 'kind' | 'status' | 'retryAt'>;
  code?: unknown;
  cause?: SentError;
}

export function sentError(error: unknown): SentError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const sent: SentError = { name: error.name, message: error.message };
  if (error instanceof TaskFailure) sent.category = error.category;
  if (error instanceof GitHubError) sent.github = { kind: error.kind, status: error.status, retryAt: error.retryAt };
  if ('code' in error) sent.code = error.code;
  if (error.cause !== undefined) sent.cause = sentError(error.cause);
  return sent;
}

export function receivedError(sent: SentError): Error {
  const cause = sent.cause === undefined ? undefined : receivedError(sent.cause);
  if (sent.category !== undefined) return new TaskFailure(sent.category, sent.message, { cause });
  if (sent.github !== undefined) {
    const { kind, status, retryAt } = sent.github;
    return new GitHubError(kind, status, sent.message, { cause, ...(retryAt === null ? {} : { retryAt }) });
  }
  const error = Object.assign(new Error(sent.message, { cause }), sent.code === undefined ? {} : { code: sent.code });
  error.name = sent.name;
  return error;
}

/** Of work of which the other process only needs to know how it ended. */
export async function outcomeOf(work: () => unknown): Promise<Outcome> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: sentError(error) };
  }
}

export type AskedRepository = Pick<Repository, 'id' | 'fullName'> | undefined;
