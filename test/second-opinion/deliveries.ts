import { createHmac } from 'node:crypto';
import { type Answer, type Asked, exchange } from './exchange.ts';

export interface Delivered {
  event: string;
  request: Asked;
  /** The app's answer. */
  status: number;
}

/** What emulate sends goes through here to the app, byte for byte and signed by emulate; so it is known when all is said. */
export class Deliveries {
  readonly #delivered: Delivered[] = [];
  #target: URL | undefined;
  #expected = 0;
  #waiting: (() => void)[] = [];

  /** The app's address. */
  sendTo(webhookUrl: string): void {
    this.#target = new URL(webhookUrl);
  }

  /** Oldest first. */
  get all(): readonly Delivered[] {
    return this.#delivered;
  }

  /** emulate sends after it has answered: what it was asked for is expected from before the answer. */
  expect(): void {
    this.#expected += 1;
  }

  /** One of the expected came, or will not come. */
  settle(): void {
    this.#expected -= 1;
    if (this.#expected > 0) return;
    for (const resume of this.#waiting.splice(0)) resume();
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    if (this.#expected > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** One that emulate made and signed. */
  async pass(request: Asked): Promise<Answer> {
    try {
      return await this.#send(request);
    } finally {
      this.settle();
    }
  }

  /** One of an event that emulate does not have, signed here. */
  async make(event: string, id: string, secret: string, payload: unknown): Promise<void> {
    const body = Buffer.from(JSON.stringify(payload));
    const headers = {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': id,
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    };
    this.expect();
    await this.pass({ method: 'POST', url: '', headers, body });
  }

  async #send(request: Asked): Promise<Answer> {
    if (this.#target === undefined) throw new Error('Nobody said where the app is.');
    const { pathname, host, port } = this.#target;
    const headers = { ...request.headers, host };
    const answer = await exchange(Number(port), { ...request, url: pathname, headers });
    this.#delivered.push({ event: String(request.headers['x-github-event']), request, status: answer.status });
    return answer;
  }
}
