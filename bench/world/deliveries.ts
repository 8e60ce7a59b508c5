/** Deliveries as GitHub sends them to an app, and what it takes to have them answered. */
import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

export interface Delivery {
  id: string;
  event: string;
  body: string;
}

export interface Answered {
  status: number;
  /** Milliseconds from when it was due, so that what one holds up counts for those behind it too. */
  ms: number;
}

/** Who writes where; `repository` is the control repository. */
export interface Origin {
  installationId: number;
  repository: { id: number; fullName: string };
  sender: { id: number; login: string };
}

/** GitHub describes repository and people in about so many bytes each time. */
const DESCRIPTION = 'x'.repeat(6_000);

export function comment(origin: Origin, id: string, written: { commentId: number; body: string }): Delivery {
  const user = person(origin);
  const { commentId, body } = written;
  const issue = { number: 1, title: 'Benchmarks', user, state: 'open' };
  return delivery(origin, id, 'issue_comment', { action: 'created', issue, comment: { id: commentId, body, user } });
}

/** Of an issue that shows no fleet. */
export function issueEdit(origin: Origin, id: string): Delivery {
  const issue = { number: 1, title: 'Benchmarks', body: 'Now so.', user: person(origin), state: 'open' };
  return delivery(origin, id, 'issues', { action: 'edited', issue, changes: { body: { from: 'So before.' } } });
}

/** Of an event that has no door, as apps get many. */
export const unused = (origin: Origin, id: string, event: 'push' | 'pull_request' | 'check_run'): Delivery =>
  delivery(origin, id, event, { action: 'completed', commits: DESCRIPTION });

function delivery(origin: Origin, id: string, event: string, told: object): Delivery {
  const { installationId, repository } = origin;
  const described = { id: repository.id, full_name: repository.fullName, description: DESCRIPTION };
  const body = { ...told, repository: described, sender: person(origin), installation: { id: installationId } };
  return { id, event, body: JSON.stringify(body) };
}

const person = ({ sender }: Origin) => ({ ...sender, type: 'User' });

/**
 * Sends each when it is due, whether the former was answered or not, over a connection of its own.
 * @param options.url of the app's webhook
 */
export async function sendOnSchedule(
  deliveries: readonly Delivery[],
  options: { url: string; secret: string; perSecond: number },
): Promise<Answered[]> {
  const { perSecond } = options;
  const signed = deliveries.map((one) => ({ ...one, signature: signatureOf(one, options.secret) }));
  const answers: Promise<Answered>[] = [];
  const start = performance.now();
  for (const [at, one] of signed.entries()) {
    const due = start + (at * 1000) / perSecond;
    const early = due - performance.now();
    if (early > 0) await wait(early);
    answers.push(send(one, options.url).then((status) => ({ status, ms: performance.now() - due })));
  }
  return Promise.all(answers);
}

const signatureOf = ({ body }: Delivery, secret: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

/** The status; 0: there was no answer. */
function send({ id, event, body, signature }: Delivery & { signature: string }, url: string): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-github-event': event,
    'x-github-delivery': id,
    'x-hub-signature-256': signature,
  };
  return new Promise((resolve) => {
    const asked = request(url, { method: 'POST', headers, agent: false }, (response) => {
      response.resume();
      response.once('close', () => resolve(response.statusCode ?? 0));
    });
    asked.once('error', () => resolve(0));
    asked.end(body);
  });
}
