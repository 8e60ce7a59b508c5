import { subscribe } from 'node:diagnostics_channel';
import {
  EXCHANGE_CHANNEL,
  type Exchange,
  type SentWebhook,
  WEBHOOK_CHANNEL,
} from '../../../src/local-github/exchanges.ts';
import { type AnnouncedRequest, REQUEST_CHANNEL } from '../../../src/platform/github/announced-fetch.ts';

/** What the app and the local GitHub of this process tell. */
export type Message =
  | { kind: 'request'; request: AnnouncedRequest }
  | { kind: 'exchange'; exchange: Exchange }
  | { kind: 'webhook'; webhook: SentWebhook };

/** Everything from now on. Subscribers are told by the runtime: nothing is handed around, and nothing can be left out. */
export function onMessage(take: (message: Message) => void): void {
  // The runtime knows no types of messages; each channel has one publisher, next to its message's type.
  subscribe(REQUEST_CHANNEL, (request) => take({ kind: 'request', request: request as AnnouncedRequest }));
  subscribe(EXCHANGE_CHANNEL, (exchange) => take({ kind: 'exchange', exchange: exchange as Exchange }));
  subscribe(WEBHOOK_CHANNEL, (webhook) => take({ kind: 'webhook', webhook: webhook as SentWebhook }));
}
