import { randomUUID } from 'node:crypto';
import { Ledger } from './ledger.ts';
import { type Message, onMessage } from './messages.ts';

/** Of this process: files that share it share these. */
export const ledger = new Ledger();
/** Under this name its child processes write to it. */
export const owner = randomUUID();
let heard: Message[] = [];
onMessage((message) => heard.push(message));

/** What was sent since the last time. */
export function takeHeard(): Message[] {
  const messages = heard;
  heard = [];
  return messages;
}
