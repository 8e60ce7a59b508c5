import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { AppWorld } from '../app-world.ts';
import { holdEventToContract } from './api-contract.ts';

export interface Followed {
  events: EventSourceMessage[];
  comments: string[];
}

/**
 * Follows a fleet until `enough`, or until the connection is cut after `cutAt` bytes, wherever that is. What was told of an
 * event by then, and not its end, is no event, as the standard of server-sent events says. Each event's data is as the
 * OpenAPI document tells.
 */
export async function follow(
  world: AppWorld,
  token: string,
  path: string,
  enough: (followed: Followed) => boolean,
  { lastEventId, cutAt = Number.POSITIVE_INFINITY }: { lastEventId?: string | undefined; cutAt?: number } = {},
): Promise<Followed> {
  const cut = new AbortController();
  const followed: Followed = { events: [], comments: [] };
  const parser = createParser({
    onEvent: (event) => {
      holdEventToContract(JSON.parse(event.data));
      followed.events.push(event);
    },
    onComment: (comment) => followed.comments.push(comment),
  });
  const response = await fetch(new URL(path, world.webhookUrl), {
    signal: cut.signal,
    headers: {
      authorization: `Bearer ${token}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
  });
  if (response.status !== 200 || response.body === null) throw new Error(`${response.status} ${await response.text()}`);
  if (response.headers.get('content-type') !== 'text/event-stream; charset=utf-8') throw new Error('no event stream');
  const decoder = new TextDecoder();
  let bytes = 0;
  for await (const chunk of response.body) {
    parser.feed(decoder.decode(chunk.subarray(0, cutAt - bytes), { stream: true }));
    bytes += chunk.length;
    if (bytes >= cutAt || enough(followed)) break;
  }
  cut.abort();
  return followed;
}
