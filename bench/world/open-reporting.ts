import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEffects } from '../../src/effects/effects.ts';
import { createEngine } from '../../src/engine/engine.ts';
import { startLocalGitHub } from '../../src/local-github/server.ts';
import { createGitHub } from '../../src/platform/github/create-github.ts';
import { createReporter } from '../../src/report/create-reporter.ts';
import type { ReporterSettings } from '../../src/report/report-run.ts';
import type { Store } from '../../src/store/contract/store.ts';
import { silentLog } from '../../test/store/fixtures.ts';
import { type ManualClock, manualClock } from '../../test/story/app-world.ts';
import { insertFullFleet } from './full-fleet.ts';
import { openDurableStore } from './open-durable-store.ts';
import { type WrittenText, watchTexts } from './written-texts.ts';

const EDITS = [
  'PATCH /repos/{owner}/{repo}/issues/{issue_number}',
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}',
];
/** GitHub's, and the product's default. */
const BUDGET = { perMinute: 80, perHour: 500 };

/** A fleet whose tasks nobody works on, its reports, and the local GitHub that holds the app to GitHub's limits. */
export interface ReportingWorld {
  clock: ManualClock;
  store: Store;
  fleetId: string;
  /** What the app wrote of issues and comments. */
  written: readonly WrittenText[];
  settings: ReporterSettings;
  /** Everything that can happen at this moment happens. */
  tick(): Promise<void>;
  /** Edits that arrived at GitHub and were answered well. */
  arrived(): number;
  close(): Promise<void>;
}

export async function openReporting(repositories: number): Promise<ReportingWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-bench-'));
  const clock = manualClock(Date.UTC(2026, 4, 4, 9, 0, 0));
  const local = await startLocalGitHub({ dataDir: join(folder, 'github'), now: clock.now, requestsKept: 100_000 });
  await local.seed({
    app: { id: 1, slug: 'flotilla' },
    users: [{ login: 'mona' }],
    limits: { content_per_minute: BUDGET.perMinute, content_per_hour: BUDGET.perHour },
    organizations: [
      { login: 'acme', members: ['mona'], repositories: [{ name: 'platform', collaborators: { mona: 'admin' } }] },
    ],
  });
  let failure: unknown;
  const log = {
    ...silentLog,
    error: (fields: unknown, message?: string) => {
      failure ??= new Error(message ?? 'an error', { cause: fields });
    },
  };
  const { id: appId, privateKeyPem, installationId } = local.app;
  const real = createGitHub({
    appId,
    privateKey: privateKeyPem,
    apiUrl: `${local.url}/api/v3`,
    webUrl: local.url,
    log,
    clock,
  });
  const { github, written } = watchTexts(real, clock.now);
  const store = await openDurableStore(join(folder, 'flotilla.db'), log);
  const parts = { store, github, clock, log, budget: BUDGET };
  const waits = { unknownMs: 30_000, betweenLooksMs: 20_000 };
  const effects = createEffects({ ...parts, newId: randomUUID, waits, requestTimeoutMs: 15_000 });
  const caps = { system: 8, perUser: 8 };
  const settings = { ...parts, effects, caps, newNotificationId: randomUUID };
  const reporter = createReporter(settings);
  const fleetId = 'f-reported';
  const repository = local.context.state.repositories.find(({ name }) => name === 'platform');
  await insertFullFleet(store, fleetId, repositories, {
    installationId,
    controlRepositoryId: repository?.id ?? 0,
    door: 'dispatch',
    origin: null,
    createdAt: clock.now(),
  });
  const nothing = () => Promise.resolve();
  const engine = createEngine({
    store,
    clock,
    log,
    caps: { system: 0, perUser: 0 },
    reportDue: (fleet, now) => reporter.due(fleet, now),
    handlers: {
      report: (id) => reporter.report(id),
      effect: async (id) => void (await effects.attempt(id)),
      task: nothing,
      delivery: nothing,
      undo: nothing,
      notification: nothing,
      sweep: nothing,
      missed: nothing,
    },
  });

  return {
    clock,
    store,
    fleetId,
    written,
    settings,
    async tick() {
      await engine.tick();
      if (failure !== undefined) throw failure;
    },
    arrived: () => local.requests.count(({ route, status }) => EDITS.includes(route) && status === 200),
    async close() {
      await engine.drain(0);
      await store.close();
      await local.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
