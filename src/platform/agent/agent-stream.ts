import type { Readable, Writable } from 'node:stream';
import { ReadableStream, TransformStream, WritableStream } from 'node:stream/web';
import { type AnyMessage, ndJsonStream } from '@agentclientprotocol/sdk';
import { type SessionUpdate, sessionUpdateSchema } from './session-updates.ts';

export interface Hears {
  onUpdate(update: SessionUpdate): void;
  /** An answer to one of our requests, as it came. */
  onAnswer(answer: unknown): void;
  /** Any message at all: the agent is alive. */
  onMessage(): void;
}

/** Updates are taken out here, in order and before the answer that follows them; the SDK drops what it does not know. */
export function openStream(pipes: { stdin: Writable; stdout: Readable }, hears: Hears) {
  const { writable, readable } = ndJsonStream(toWritableStream(pipes.stdin), toReadableStream(pipes.stdout));
  const tap = new TransformStream<AnyMessage, AnyMessage>({
    transform(message, controller) {
      hears.onMessage();
      const update = sessionUpdateSchema.safeParse(message).data;
      if (update !== undefined) hears.onUpdate(update.params.update);
      else {
        if ('result' in message) hears.onAnswer(message.result);
        controller.enqueue(message);
      }
    },
  });
  return { writable, readable: readable.pipeThrough(tap) };
}

/** By hand, as Writable.toWeb throws from a callback when the agent is gone before it has read everything. */
function toWritableStream(stdin: Writable): WritableStream<Uint8Array> {
  stdin.on('error', () => undefined);
  return new WritableStream<Uint8Array>({
    write: (chunk) =>
      new Promise((resolve, reject) => {
        stdin.write(chunk, (error) => (error ? reject(error) : resolve()));
      }),
    close: () => {
      stdin.end();
    },
  });
}

function toReadableStream(stdout: Readable): ReadableStream<Uint8Array> {
  let open = true;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const close = (): void => {
        if (open) controller.close();
        open = false;
      };
      stdout.on('data', (chunk: Buffer) => {
        if (!open) return;
        controller.enqueue(chunk);
        if ((controller.desiredSize ?? 1) <= 0) stdout.pause();
      });
      stdout.once('end', close);
      stdout.once('close', close);
      stdout.once('error', close);
    },
    pull() {
      stdout.resume();
    },
    cancel() {
      open = false;
      stdout.resume();
    },
  });
}
