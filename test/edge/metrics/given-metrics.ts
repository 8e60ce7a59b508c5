import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { parseOperatorSettings } from '../../../src/core/settings/parse-settings.ts';
import { createMetrics, type Metrics } from '../../../src/edge/metrics/metrics.ts';
import type { Instruments } from '../../../src/ports/metrics.ts';
import type { Store } from '../../../src/store/contract/store.ts';
import { openStore } from '../../../src/store/sqlite/open.ts';
import { silentLog, temporaryFolder } from '../../store/fixtures.ts';
import { type Scrape, scrapeOf } from './scrape.ts';

export interface GivenMetrics {
  store: Store;
  clock: { at: number; now(): number };
  instruments: Instruments;
  metrics: Metrics;
  /** With numbers of this moment. */
  scrape(): Promise<Scrape>;
}

/** Metrics over an empty store, at 10 s after the epoch. */
export async function givenMetrics({ ofProcess = false } = {}): Promise<GivenMetrics> {
  const folder = await temporaryFolder();
  const store = await openStore({ file: join(folder.path, 'flotilla.db'), log: silentLog });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  const parsed = parseOperatorSettings('', 'operator.yml');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  const clock = { at: 10_000, now: () => clock.at };
  const metrics = await createMetrics({
    store,
    clock,
    settings: parsed.value,
    version: '1.2.3',
    boxed: true,
    ofProcess,
  });
  return {
    store,
    clock,
    instruments: metrics.instruments,
    metrics,
    async scrape() {
      clock.at += 60_000;
      return scrapeOf(await metrics.text());
    },
  };
}

export const session = { agent: 'told', workflow: 'bump', costUsd: 0.5, computed: false, tokens: null };
export const githubAnswer = {
  installationId: 7,
  method: 'GET',
  status: 200,
  durationMs: 20,
  headers: {
    'x-ratelimit-resource': 'core',
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '4999',
    'x-ratelimit-reset': '3600',
  },
};
