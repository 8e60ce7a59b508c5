import type { IncomingHttpHeaders } from 'node:http';
import { EVENTS } from './payloads.ts';

type WebhookHead =
  | { kind: 'used'; signature: string }
  /** An event that has no door. */
  | { kind: 'unused' }
  | { kind: 'refused'; status: number; message: string };

/** What the headers of a delivery say, before a byte of its body is read. Source: docs.github.com/webhooks, "delivery headers". */
export function readWebhookHead(headers: IncomingHttpHeaders): WebhookHead {
  const refused = (status: number, message: string): WebhookHead => ({ kind: 'refused', status, message });
  const event = headers['x-github-event'];
  const signature = headers['x-hub-signature-256'];
  if (typeof event !== 'string') return refused(400, 'The header x-github-event is missing.');
  if (typeof headers['x-github-delivery'] !== 'string') {
    return refused(400, 'The header x-github-delivery is missing.');
  }
  if (typeof signature !== 'string') return refused(400, 'The header x-hub-signature-256 is missing.');
  if (!/^sha256=[\da-f]{64}$/.test(signature)) return refused(401, 'x-hub-signature-256 is not a signature.');
  if (!/^application\/json\b/.test(headers['content-type'] ?? '')) {
    return refused(415, 'Deliveries are taken as application/json.');
  }
  return EVENTS.includes(event) ? { kind: 'used', signature } : { kind: 'unused' };
}
