import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApi } from '../src/edge/api/create-api.ts';
import { EventStreams } from '../src/edge/api/events/event-streams.ts';
import { Idempotency } from '../src/edge/api/idempotency.ts';
import { Readers } from '../src/edge/api/readers.ts';
import type { FleetContext } from '../src/fleet/context.ts';
import { createTaskLogs } from '../src/platform/logs/task-logs.ts';
import type { Store } from '../src/store/contract/store.ts';
import { openStore } from '../src/store/sqlite/open.ts';
import { aPlan, completed, failed, insertReady, silentLog } from '../test/store/fixtures.ts';
import type { Benchmark } from './benchmark.ts';
import { inTurns, median, spread } from './measure.ts';

const SMALL = 200;
const TASKS = 2000;
const FLEET = 'f-aaaaaaaa';
const TARGET_MS = 50;

/** What one who follows a large fleet asks for again and again. */
export const status: Benchmark = {
  name: 'status',
  about: ({ small }) =>
    `\`GET /v1/fleets/{fleet_id}\` of a fleet of ${small ? SMALL : TASKS} tasks, over HTTP on loopback, from a real store; beside it a page of fleets`,
  async run({ small }) {
    const folder = mkdtempSync(join(tmpdir(), 'flotilla-bench-'));
    const store = await openStore({ file: join(folder, 'flotilla.db'), log: silentLog });
    const served = await serveApi(store, folder);
    try {
      await insertBusyFleet(store, small ? SMALL : TASKS);
      const repetitions = small ? 5 : 60;
      const times = await inTurns(
        { status: () => served.get(`/v1/fleets/${FLEET}`), page: () => served.get('/v1/fleets') },
        { warmUp: 5, repetitions },
      );
      return {
        measured: true,
        repetitions,
        figures: [
          { name: 'status', value: median(times.status), unit: 'ms', spread: spread(times.status) },
          { name: 'page', value: median(times.page), unit: 'ms', spread: spread(times.page) },
        ],
        targets: [{ figure: 'status', atMost: TARGET_MS }],
      };
    } finally {
      await served.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** Some tasks of every kind, as in the middle of a fleet. */
async function insertBusyFleet(store: Store, tasks: number): Promise<void> {
  const targets = Array.from({ length: tasks }, (_, position) => ({ fullName: `acme/service-${position}`, position }));
  // Rows read no more of a plan than that it is one.
  const plan = { ...aPlan(), targets: JSON.parse(JSON.stringify(targets)) };
  await insertReady(store, FLEET, tasks, { plan });
  await store.write(async (tx) => {
    for (const [index, task] of (await tx.tasks.ofFleet(FLEET)).entries()) {
      if (index % 4 === 0) continue;
      const started = await tx.tasks.start(task.id, 2_000, 62_000);
      if (started === undefined || index % 4 === 1) continue;
      await tx.tasks.end(started, index % 4 === 2 ? completed : failed, 3_000);
    }
  });
}

async function serveApi(store: Store, dataDir: string) {
  const permitted = {
    repository: async () => ({ id: 100, fullName: 'acme/platform' }),
    permission: async () => 'write',
  };
  // Nothing of GitHub is asked besides who may read, once a minute.
  const fleet: FleetContext = JSON.parse('{}');
  Object.assign(fleet, { store, clock: { now: Date.now }, github: { reads: () => permitted }, log: silentLog });
  const person = { kind: 'person', person: { id: 501, login: 'mona' } } as const;
  const api = await createApi(
    {
      fleet,
      callers: { identify: async () => person, login: null },
      github: { installationOf: async () => undefined },
      readers: new Readers(fleet),
      idempotency: new Idempotency(store, Date.now),
      streams: new EventStreams(store),
      logs: createTaskLogs(dataDir),
    },
    silentLog,
    { requestsPerMinute: 1_000_000 },
  );
  const server = createServer((request, response) => api.answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.');
  return {
    async get(path: string): Promise<void> {
      const headers = { authorization: 'Bearer of-this-benchmark' };
      const response = await fetch(`http://127.0.0.1:${address.port}${path}`, { headers });
      const text = await response.text();
      if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text.slice(0, 500)}`);
    },
    async close(): Promise<void> {
      await api.close();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}
