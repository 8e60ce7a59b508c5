import type { z } from 'zod';
import { gatesOf, rollup } from '../../core/rollup.ts';
import type { FleetStatus } from '../../core/status.ts';
import type { Caller } from '../../ports/callers.ts';
import type { FleetFilter, FleetLine, ListedFleet } from '../../store/contract/fleet-pages.ts';
import type { ApiContext } from './context.ts';
import { cursorOf, seqOf } from './cursor.ts';
import type { fleetsQuerySchema } from './schemas/fleet.ts';
import { VisiblePlaces } from './visible-places.ts';

export type FleetsQuery = z.infer<typeof fleetsQuerySchema>;

/** So many fleets are looked at for one page, whoever asks and for whatever. */
const MOST_LOOKED_AT = 1000;
const BATCH = 100;

/**
 * A page of the fleets that the caller may see. It ends early where too much else lies between; the cursor goes on behind
 * the last one that was looked at. Throws ApiError, GitHubError for a limit.
 */
export async function fleetPage(
  context: ApiContext,
  caller: Caller,
  query: FleetsQuery,
): Promise<{ fleets: FleetLine[]; next: string | null }> {
  const { fleetPages } = context.fleet.store.read;
  let before = query.cursor === undefined ? null : seqOf(query.cursor);
  const filter = await filterOf(context, query);
  if (filter === null) return { fleets: [], next: null };
  const places = new VisiblePlaces(context.readers, caller);
  const fleets: FleetLine[] = [];
  for (let looked = BATCH; ; looked += BATCH) {
    const batch = await fleetPages.list(filter, before, BATCH);
    const known = await places.ask(batch);
    const left = query.limit - fleets.length;
    const lines = await linesOf(
      context,
      known.filter((fleet) => places.has(fleet)),
      query.status,
      left,
    );
    fleets.push(...lines);
    if (lines.length === left) {
      const last = lines.at(-1)?.seq ?? 0;
      const more = await fleetPages.list(filter, last, 1);
      return { fleets, next: more.length === 0 ? null : cursorOf(last) };
    }
    before = known.at(-1)?.seq ?? before;
    const cut = known.length < batch.length || looked >= MOST_LOOKED_AT;
    if (cut && before !== null) return { fleets, next: cursorOf(before) };
    if (batch.length < BATCH) return { fleets, next: null };
  }
}

/** At most `limit`, of that status where one is wanted. */
async function linesOf(
  { fleet: { store } }: ApiContext,
  listed: readonly ListedFleet[],
  status: FleetStatus | undefined,
  limit: number,
): Promise<FleetLine[]> {
  const { fleetPages } = store.read;
  const seqs = listed.map(({ seq }) => seq);
  if (status === undefined) return fleetPages.lines(seqs.slice(0, limit));
  const lines = await fleetPages.lines(seqs);
  return lines.filter((line) => rollup(gatesOf(line), line.counts) === status).slice(0, limit);
}

/** null: nobody asked for anything that could be there. */
async function filterOf(context: ApiContext, query: FleetsQuery): Promise<FleetFilter | null> {
  const { control_repository: name, workflow, sender, state, status } = query;
  const ended = endedOf(state, status);
  if (ended === null) return null;
  const ids = name === undefined ? undefined : await context.fleet.store.read.fleetPages.idsOf(name);
  if (ids?.length === 0) return null;
  return {
    ...(ids === undefined ? {} : { controlRepositories: ids }),
    ...(workflow === undefined ? {} : { workflow }),
    ...(sender === undefined ? {} : { sender }),
    ...(ended === undefined ? {} : { ended }),
  };
}

/** undefined: both; null: neither. */
function endedOf(state: FleetsQuery['state'], status: FleetStatus | undefined): boolean | undefined | null {
  const byState = state === undefined ? undefined : state === 'ended';
  const byStatus = status === undefined ? undefined : ENDED[status];
  if (byState === undefined || byStatus === undefined) return byState ?? byStatus;
  return byState === byStatus ? byState : null;
}

const ENDED: Readonly<Record<FleetStatus, boolean>> = {
  planned: false,
  running: false,
  waiting: false,
  completed: true,
  partial: true,
  failed: true,
  cancelled: true,
};
