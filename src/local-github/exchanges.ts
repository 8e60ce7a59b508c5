import { channel } from 'node:diagnostics_channel';

/** A REST request and what it was answered, as they went over the wire; scripted failures are no answers of GitHub's. */
export interface Exchange {
  method: string;
  /** The route's template, e.g. `/repos/{owner}/{repo}`; undefined where there is no such route. */
  template: string | undefined;
  /** Below the API's root, with the query: `/repos/acme/platform?page=2`. */
  path: string;
  userAgent: string;
  accept: string;
  requestBody: string | undefined;
  status: number;
  contentType: string | undefined;
  body: string;
}

/** A webhook as it was posted; a redelivery is not one again. */
export interface SentWebhook {
  event: string;
  action: string | null;
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Whoever compares the local GitHub with GitHub's contract subscribes here; unheard, a message costs nothing. */
export const EXCHANGE_CHANNEL = 'flotilla:local-github:exchange';
export const WEBHOOK_CHANNEL = 'flotilla:local-github:webhook';

const exchanges = channel(EXCHANGE_CHANNEL);
const webhooks = channel(WEBHOOK_CHANNEL);

export function tellExchange(exchange: () => Exchange): void {
  if (exchanges.hasSubscribers) exchanges.publish(exchange());
}

export function tellWebhook(webhook: SentWebhook): void {
  if (webhooks.hasSubscribers) webhooks.publish(webhook);
}
