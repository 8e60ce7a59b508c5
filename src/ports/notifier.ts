import type { PlanNotify } from '../core/plan.ts';

export interface Notification {
  /** The same over all tries, by which a receiver knows what it has got already. */
  id: string;
  event: string;
  /** JSON. */
  body: string;
}

export type NotificationAnswer =
  | { result: 'delivered'; status: number }
  /** It would be no other later. `why` completes "was not delivered: …" and names no address. */
  | { result: 'refused'; why: string }
  /** `retryAfterMs`: as the receiver asked; null: it did not. */
  | { result: 'unreached'; why: string; retryAfterMs: number | null };

/** Sends outgoing webhooks to where the operator allows them. */
export interface Notifier {
  /** One try. Never throws; a `signal` that aborts makes it `unreached`. */
  send(
    to: NonNullable<PlanNotify['webhook']>,
    notification: Notification,
    signal: AbortSignal,
  ): Promise<NotificationAnswer>;
}
