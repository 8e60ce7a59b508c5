import type { Lease } from './lease.ts';

export type EffectState = 'intended' | 'sent' | 'done' | 'refused' | 'unknown';

/** One creation or edit on GitHub. */
export interface EffectRow {
  id: string;
  /** What makes it the same effect: asking twice for one key is asking once. */
  key: string;
  installationId: number;
  fleetId: string | null;
  taskId: string | null;
  request: EffectRequest;
  state: EffectState;
  /** GitHub's answer, as JSON, once done. */
  result: EffectResult | null;
  /** GitHub's refusal or the last fault. */
  error: string | null;
  intendedAt: number;
  sentAt: number | null;
  /** Sends that GitHub did not answer, and when the first of them was. */
  unanswered: number;
  unansweredSince: number | null;
  /** Looks that found nothing since it became unknown. */
  looks: number;
  notBefore: number;
  fence: number;
}

export type EffectRequest =
  | { kind: 'reaction'; repository: string; commentId: number; reaction: 'eyes' | 'rocket' | 'confused' }
  | { kind: 'issue'; repository: string; title: string; body: string }
  | {
      kind: 'issue_edit';
      repository: string;
      number: number;
      title?: string;
      body?: string;
      state?: 'open' | 'closed';
      stateReason?: 'completed' | 'not_planned';
    }
  | { kind: 'comment'; repository: string; number: number; body: string }
  | { kind: 'comment_edit'; repository: string; commentId: number; body: string }
  /** Of a comment of our own; where and when it was made can be read here alone from then on. */
  | { kind: 'comment_deletion'; repository: string; commentId: number; number: number; createdAt: number }
  | {
      kind: 'pull_request';
      repository: string;
      repositoryId: number;
      title: string;
      body: string;
      head: string;
      base: string;
      draft: boolean;
    }
  | {
      kind: 'pull_request_edit';
      repository: string;
      number: number;
      title?: string;
      body?: string;
      /** Merged or not, a closed one stays closed. */
      state?: 'closed';
    }
  | { kind: 'labels'; repository: string; number: number; labels: readonly string[] }
  | { kind: 'assignees'; repository: string; number: number; assignees: readonly string[] }
  | { kind: 'reviewers'; repository: string; number: number; reviewers: readonly string[] };

/** id: of the issue or comment; number and url: of the issue, comment's issue or pull request. */
export interface EffectResult {
  id: number | null;
  number: number | null;
  url: string | null;
}

export interface NewEffect {
  id: string;
  key: string;
  installationId: number;
  fleetId: string | null;
  taskId: string | null;
  request: EffectRequest;
  intendedAt: number;
}

export interface EffectReads {
  get(id: string): Promise<EffectRow | undefined>;
  byKey(key: string): Promise<EffectRow | undefined>;
  /** Oldest first. */
  ofTask(taskId: string): Promise<EffectRow[]>;
  /** Rows of no task that no worker holds and that can be sent or looked for now: intended, or unknown past their time, or sent by a worker whose lease ended; of installations that are not closed. Oldest first. */
  due(now: number, limit: number): Promise<EffectRow[]>;
  /** The fleet's creations and edits of issues' texts, newest first. */
  issueTextsOfFleet(fleetId: string, limit: number): Promise<EffectRow[]>;
  /** The fleet's settled creations of issues and comments that once had no answer and were sent again: what can be there twice. */
  sentAgainOfFleet(fleetId: string): Promise<EffectRow[]>;
  /** Creations whose outcome is not yet known. */
  unsettledOfFleet(fleetId: string): Promise<EffectRow[]>;
}

export interface EffectWrites {
  /** The row of this key, new or as it was. */
  intend(effect: NewEffect): Promise<EffectRow>;
  /** Takes the row for one try; undefined when another holds it, it is not yet time, or it is settled. A row found `sent` is one whose worker was lost: it can only become unknown. */
  claim(id: string, now: number, leaseUntil: number): Promise<(EffectRow & Lease) | undefined>;
  /** intended | unknown → sent; committed together with the budget's reservation, before the request. */
  sent(lease: Lease, now: number): Promise<void>;
  /** A fleet's are recorded as effect_done, those of RECORDED_EFFECTS. */
  done(lease: Lease, result: EffectResult, now: number): Promise<void>;
  /** The same as effect_refused. */
  refused(lease: Lease, error: string, now: number): Promise<void>;
  /** Not known whether it happened; looked for from `notBefore` on. Coming from `sent`, it counts as a send without an answer. */
  unknown(lease: Lease, error: string, notBefore: number): Promise<void>;
  /** A look found nothing; again from `notBefore`. */
  looked(lease: Lease, notBefore: number): Promise<void>;
  /** It certainly did not happen; free to be sent from `notBefore`. */
  postpone(lease: Lease, error: string, notBefore: number): Promise<void>;
  /** At start: every `sent` row becomes unknown and every lease is void. */
  orphanAll(now: number, notBefore: number): Promise<number>;
}
