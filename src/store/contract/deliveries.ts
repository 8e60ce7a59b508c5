import type { FleetRequest } from '../../core/request.ts';
import type { Lease } from './lease.ts';

export interface DeliveryRow {
  /** GitHub's delivery GUID; a redelivery keeps it. */
  id: string;
  request: FleetRequest;
  state: 'queued' | 'running' | 'done';
  receivedAt: number;
  finishedAt: number | null;
  fence: number;
  /** Tries that ended with an error of ours. */
  failures: number;
  /** What was answered, for operators: a fleet's id or a refusal. */
  answer: string | null;
}

export interface DeliveryReads {
  get(id: string): Promise<DeliveryRow | undefined>;
}

export interface DeliveryWrites {
  /** False when the id, or the comment that gave the command, is already known. */
  insert(delivery: { id: string; request: FleetRequest; receivedAt: number }): Promise<boolean>;
  /** How many edits of this issue's text by this sender are not finished. */
  unfinishedEditsOf(senderId: number, at: { repositoryId: number; issueNumber: number }): Promise<number>;
  /** How many comments of this sender are not finished. */
  unfinishedCommentsOf(senderId: number): Promise<number>;
  /**
   * Claims the oldest queued deliveries, or ones whose lease ended, at most `limit`. What was said on one issue is worked
   * on one after another, in order of arrival: a cancel must find what the command before it started.
   */
  claim(now: number, leaseUntil: number, limit: number): Promise<(DeliveryRow & Lease)[]>;
  /** Removes deliveries that were finished at that time or before. Returns how many. */
  forgetFinished(until: number): Promise<number>;
  extend(lease: Lease, leaseUntil: number): Promise<void>;
  finish(lease: Lease, answer: string, now: number): Promise<void>;
  /** running → queued after a failed try, which is counted; not claimed again before `notBefore`. */
  release(lease: Lease, notBefore: number): Promise<void>;
  /** running → queued because it has to wait, such as for GitHub's limits: no failure; not claimed again before `notBefore`. */
  postpone(lease: Lease, notBefore: number): Promise<void>;
}
