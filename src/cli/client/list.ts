import { z } from 'zod';
import { fleetPageSchema } from '../../edge/api/schemas/fleet.ts';
import { type Column, printTable } from '../table.ts';
import { type FleetSummary, summaryAnswer } from './answers.ts';
import { sayJson, tell } from './say.ts';
import { openServer, type ServerFlags } from './session.ts';

export interface ListFlags extends ServerFlags {
  workflow?: string;
  status?: string;
  control?: string;
  limit: number;
  json: boolean;
}

/** Of one request. */
const PAGE = 100;

const page = fleetPageSchema.extend({ fleets: z.array(summaryAnswer) });

/** Fleets that the person may see, newest first. Exit status: 0. */
export async function runList({ limit, json, ...flags }: ListFlags): Promise<number> {
  const server = openServer(flags);
  const { workflow, status, control } = flags;
  const found: FleetSummary[] = [];
  const raw: unknown[] = [];
  let cursor: string | undefined;
  do {
    const query = { workflow, status, control_repository: control, limit: String(Math.min(PAGE, limit)), cursor };
    const answer = await server.ask({ method: 'GET', path: '/fleets', query }, page);
    found.push(...answer.body.fleets);
    raw.push(...rawFleets.parse(answer.raw).fleets);
    cursor = answer.body.next_cursor ?? undefined;
  } while (cursor !== undefined && found.length < limit);
  if (json) sayJson(raw.slice(0, limit));
  else printTable(found.slice(0, limit), COLUMNS);
  if (found.length === 0 && !json) tell('There is no such fleet that you can see.');
  return 0;
}

const rawFleets = z.object({ fleets: z.array(z.unknown()) });

const COLUMNS: readonly Column<FleetSummary>[] = [
  { title: 'fleet', of: ({ id }) => id, whole: true },
  { title: 'status', of: ({ status }) => status, whole: true },
  { title: 'workflow', of: ({ workflow }) => workflow },
  { title: 'control', of: ({ control_repository: control }) => control },
  {
    title: 'done',
    of: ({ counts }) => `${counts.total - counts.queued - counts.running - counts.waiting}/${counts.total}`,
  },
  { title: 'failed', of: ({ counts }) => String(counts.failed + counts.timed_out), align: 'right' },
  { title: 'pulls', of: ({ pull_requests: pulls }) => String(pulls), align: 'right' },
  { title: 'sender', of: ({ sender }) => sender.login },
  { title: 'created', of: ({ created_at: at }) => `${at.slice(0, 16)}Z` },
];
