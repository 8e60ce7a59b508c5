import { callerKey } from '../../../ports/callers.ts';
import { ApiError } from '../api-error.ts';
import { followFleet, HEARTBEAT_MS } from '../events/follow-fleet.ts';
import { findFleet } from '../find-fleet.ts';
import { isStillTaken } from '../identify.ts';
import { apiRoute } from '../route.ts';
import { eventsQuerySchema, streamedSchema } from '../schemas/event.ts';

/** `GET …/events`: what happens to a fleet, as it happens. */
export const fleetEventsRoute = apiRoute({
  method: 'GET',
  path: '/fleets/{fleet_id}/events',
  operationId: 'followFleet',
  summary: 'The events of a fleet, those from before first, as server-sent events',
  query: eventsQuerySchema,
  headers: { 'Last-Event-ID': '`id` of the last event that you have: it goes on behind it' },
  refuses: ['unknown_fleet'],
  answers: {
    200: {
      description:
        'Each event has `id` (its `seq`), `event` (its `type`) and `data` (JSON). The stream goes on after `fleet_ended`, as a retry reopens a fleet. `event: end`, which has no `id`, is the last one: you may no longer see the fleet, your token is no longer taken, or the server stops.',
      stream: true,
      events: streamedSchema,
    },
  },
  handle: async (call) => {
    const { context, caller, query, headers, signal } = call;
    const authorization = typeof headers.authorization === 'string' ? headers.authorization : undefined;
    const fleet = await findFleet(call);
    const after = lastEventId(headers['last-event-id']) ?? query.after ?? 0;
    if (after > fleet.eventSeq) throw unknownEvent(`\`${fleet.id}\` has ${fleet.eventSeq} events, but not ${after}.`);
    context.streams.take(callerKey(caller), signal);
    const { store, clock } = context.fleet;
    const stream = followFleet(
      { streams: context.streams, read: store.read },
      {
        fleetId: fleet.id,
        after,
        signal,
        mayRead: async () =>
          (await isStillTaken(context.callers, authorization)) && (await context.readers.may(caller, fleet)),
        now: clock.now,
        heartbeatMs: HEARTBEAT_MS,
      },
    );
    return { status: 200, stream };
  },
});

function lastEventId(header: string | string[] | undefined): number | undefined {
  if (header === undefined || header === '') return undefined;
  if (typeof header === 'string' && /^\d{1,15}$/.test(header)) return Number(header);
  throw unknownEvent('The header `Last-Event-ID` is not the `id` of an event.');
}

const unknownEvent = (message: string): ApiError =>
  new ApiError('invalid_request', message, 'Leave it out to get all events from the first one.');
