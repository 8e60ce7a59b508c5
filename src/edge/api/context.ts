import type { FleetContext } from '../../fleet/context.ts';
import type { Callers } from '../../ports/callers.ts';
import type { GitHub } from '../../ports/github.ts';
import type { TaskLogs } from '../../ports/node-logs.ts';
import type { EventStreams } from './events/event-streams.ts';
import type { Idempotency } from './idempotency.ts';
import type { Readers } from './readers.ts';

/** What the routes of the API have beside the request. */
export interface ApiContext {
  fleet: FleetContext;
  callers: Callers;
  github: Pick<GitHub, 'installationOf'>;
  readers: Readers;
  idempotency: Idempotency;
  streams: EventStreams;
  logs: TaskLogs;
}
