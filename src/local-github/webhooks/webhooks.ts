import { createHmac } from 'node:crypto';
import { tellWebhook } from '../exchanges.ts';
import type { App, Delivery, Installation, Repository } from '../state/records.ts';
import type { State } from '../state/state.ts';

export interface WebhookEvent {
  event: string;
  action: string | null;
  installation: Installation | null;
  repository: Repository | null;
}

/** Sends webhooks at once and remembers every delivery; nothing is sent again by itself, as on GitHub, but in bad weather. */
export class Webhooks {
  readonly #state: State;
  readonly #now: () => number;
  readonly #randomId: () => string;
  readonly #log: (line: string) => void;
  readonly #repeats: (event: string) => boolean;
  readonly #running = new Set<Promise<unknown>>();
  readonly #closing = new AbortController();

  /** @param repeats whether a delivery of that event is to come twice */
  constructor(
    state: State,
    now: () => number,
    randomId: () => string,
    log: (line: string) => void,
    repeats: (event: string) => boolean,
  ) {
    this.#state = state;
    this.#now = now;
    this.#randomId = randomId;
    this.#log = log;
    this.#repeats = repeats;
  }

  /** Signs and posts; the delivery is recorded when its answer (or its failure) is known. */
  send(app: App, event: WebhookEvent, payload: Readonly<Record<string, unknown>>): void {
    if (app.webhookUrl === null) return;
    const body = JSON.stringify(payload);
    const guid = this.#randomId();
    const headers: Record<string, string> = {
      accept: '*/*',
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/local000',
      'x-github-delivery': guid,
      'x-github-event': event.event,
      'x-github-hook-id': String(app.hookId),
      'x-github-hook-installation-target-id': String(app.id),
      'x-github-hook-installation-target-type': 'integration',
      ...(app.webhookSecret === null ? {} : signatures(app.webhookSecret, body)),
    };
    tellWebhook({ event: event.event, action: event.action, headers, body });
    const delivery: Outgoing = {
      guid,
      appId: app.id,
      event: event.event,
      action: event.action,
      installationId: event.installation?.id ?? null,
      repositoryId: event.repository?.id ?? null,
      redelivery: false,
      url: app.webhookUrl,
      request: { headers, body },
    };
    this.#track(delivery);
    if (this.#repeats(event.event)) this.#track({ ...delivery, redelivery: true });
  }

  /** Sends a recorded delivery again, with its GUID and its payload, to the app's present address. */
  redeliver(app: App, delivery: Delivery): void {
    const { guid, appId, event, action, installationId, repositoryId } = delivery;
    const headers = { ...delivery.request.headers };
    if (app.webhookSecret !== null) Object.assign(headers, signatures(app.webhookSecret, delivery.request.body));
    this.#track({
      guid,
      appId,
      event,
      action,
      installationId,
      repositoryId,
      redelivery: true,
      url: app.webhookUrl ?? delivery.url,
      request: { headers, body: delivery.request.body },
    });
  }

  /** Resolves when every delivery so far, and those that they caused, has been answered. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled([...this.#running]);
  }

  /** Breaks off what is under way; nothing is recorded any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.idle();
  }

  #track(delivery: Outgoing): void {
    const running = this.#deliver(delivery).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #deliver(delivery: Outgoing): Promise<void> {
    const id = this.#state.nextId('delivery');
    const started = performance.now();
    const answer = await post(delivery.url, delivery.request.headers, delivery.request.body, this.#closing.signal);
    if (this.#closing.signal.aborted) return;
    const durationSeconds = Math.round(performance.now() - started) / 1000;
    this.#state.deliveries.insert({ id, ...delivery, deliveredAt: this.#now(), durationSeconds, ...answer });
    if (answer.statusCode < 200 || answer.statusCode > 299) {
      this.#log(`webhook ${delivery.event} ${delivery.guid} to ${delivery.url}: ${answer.statusCode} ${answer.status}`);
    }
  }
}

type Outgoing = Omit<Delivery, 'id' | 'deliveredAt' | 'durationSeconds' | 'status' | 'statusCode' | 'response'>;
type Answer = Pick<Delivery, 'status' | 'statusCode' | 'response'>;

function signatures(secret: string, body: string): Record<string, string> {
  return {
    'x-hub-signature': `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`,
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
}

/** GitHub waits 10 seconds for the answer. */
const timeout = 10_000;

async function post(url: string, headers: Record<string, string>, body: string, closing: AbortSignal): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(timeout), closing]),
    });
    return {
      status: response.ok ? 'OK' : `Invalid HTTP Response: ${response.status}`,
      statusCode: response.status,
      response: { headers: Object.fromEntries(response.headers), body: (await response.text()).slice(0, 10_000) },
    };
  } catch (error) {
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    return {
      status: timedOut ? 'timed out' : 'failed to connect to host',
      statusCode: timedOut ? 504 : 502,
      response: { headers: {}, body: '' },
    };
  }
}
