import { createParser } from 'eventsource-parser';
import { ClientError } from './client-error.ts';
import type { Server } from './server.ts';
import { unreachable } from './unreachable.ts';

/** Without any sign of life for so long the connection is taken for dead. */
const SILENT_MS = 60_000;

/**
 * Waits until something happens to the fleet after the event `after`, the stream ends, or `signal` aborts.
 * @throws ClientError: NoAnswer where the connection fails
 */
export async function nextEvent(server: Server, id: string, after: number, signal: AbortSignal): Promise<void> {
  const left = new AbortController();
  let timer = setTimeout(() => left.abort(), SILENT_MS);
  let happened = false;
  const parser = createParser({
    onEvent: () => {
      happened = true;
    },
  });
  try {
    const asked = { method: 'GET', path: `/fleets/${encodeURIComponent(id)}/events` } as const;
    const headers = { accept: 'text/event-stream', 'last-event-id': String(after) };
    const response = await server.open(asked, AbortSignal.any([signal, left.signal]), headers);
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      clearTimeout(timer);
      timer = setTimeout(() => left.abort(), SILENT_MS);
      parser.feed(decoder.decode(chunk, { stream: true }));
      if (happened) return;
    }
  } catch (error) {
    if (signal.aborted || left.signal.aborted) return;
    throw error instanceof ClientError ? error : unreachable(server.address, error);
  } finally {
    clearTimeout(timer);
    left.abort();
  }
}
