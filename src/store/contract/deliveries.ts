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
  /** False when the id is already known. */
  insert(delivery: { id: string; request: FleetRequest; receivedAt: number }): Promise<boolean>;
  /** Claims the oldest queued deliveries, or ones whose lease ended, at most `limit`. */
  claim(now: number, leaseUntil: number, limit: number): Promise<(DeliveryRow & Lease)[]>;
  extend(lease: Lease, leaseUntil: number): Promise<void>;
  finish(lease: Lease, answer: string, now: number): Promise<void>;
  /** running → queued after a failed try, which is counted; not claimed again before `notBefore`. */
  release(lease: Lease, notBefore: number): Promise<void>;
}
