import type { Lease } from './lease.ts';

/** A moment of a fleet that people are told of, once. */
export interface NotificationRow {
  id: string;
  fleetId: string;
  /** Of the event with which the moment began: one row each. */
  eventSeq: number;
  kind: 'waiting' | 'ended';
  /** Text of the comment that mentions somebody on the tracking issue; null: none is written. */
  mention: string | null;
  /** JSON that is sent; null: nothing is sent. */
  body: string | null;
  /** unsent: there is nowhere to send it. */
  state: 'unsent' | 'due' | 'delivered' | 'given_up';
  /** That reached nobody. */
  tries: number;
  createdAt: number;
  /** Not claimed before. */
  notBefore: number;
  fence: number;
}

export type NewNotification = Pick<NotificationRow, 'id' | 'eventSeq' | 'kind' | 'mention' | 'body'>;

export interface NotificationReads {
  /** In the order of their events. */
  ofFleet(fleetId: string): Promise<NotificationRow[]>;
  /** Up to which event the fleet was looked through; 0: never. */
  markOf(fleetId: string): Promise<number>;
  /** Those to be sent that nobody works on and whose time has come, the one that waits longest first. */
  due(now: number, limit: number): Promise<NotificationRow[]>;
}

export interface NotificationWrites {
  /** Keeps the moments and the mark together; a moment that is known already stays as it is. */
  note(fleetId: string, mark: number, moments: readonly NewNotification[], now: number): Promise<void>;
  /** Takes the row for one try; undefined when it is not due. */
  claim(id: string, now: number, leaseUntil: number): Promise<(NotificationRow & Lease) | undefined>;
  /** Frees the row for another try from `notBefore`. */
  release(lease: Lease, wait: { notBefore: number; tries: number }): Promise<void>;
  delivered(lease: Lease): Promise<void>;
  /** Records notification_given_up. */
  giveUp(lease: Lease, now: number): Promise<void>;
}
