import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { OperatorSettings } from '../../core/settings/types.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Instruments } from '../../ports/metrics.ts';
import type { Store } from '../../store/contract/store.ts';
import { createBoundedNames } from './bounded-names.ts';
import { createEventCounters } from './event-counters.ts';
import { createInstruments } from './instruments.ts';
import { createStateGauges } from './state-gauges.ts';

const MOST_WORKFLOWS = 100;
const MOST_INSTALLATIONS = 100;
/** Scrapes that come sooner get the same numbers of the store. */
const KEPT_MS = 5_000;
/** A reading may take half a percent of the process's time, where that is not too rare to be of use. */
const KEPT_FACTOR = 200;
const MOST_KEPT_MS = 60_000;

export interface MetricsParts {
  store: Pick<Store, 'read'>;
  clock: Clock;
  settings: Pick<OperatorSettings, 'caps' | 'contentBudget' | 'disk' | 'sandbox'>;
  version: string;
  /** Commands run in boxes. */
  boxed: boolean;
  /** Memory, processor and event loop of the process too. They are watched until it ends: for one app of a process at most. */
  ofProcess: boolean;
}

/** One registry of one app. */
export interface Metrics {
  instruments: Instruments;
  contentType: string;
  /** In Prometheus' text format. */
  text(): Promise<string>;
}

/** Counters begin at 0, with what happens from now on. */
export async function createMetrics(parts: MetricsParts): Promise<Metrics> {
  const { store, clock, settings } = parts;
  const registry = new Registry();
  const workflowName = createBoundedNames(MOST_WORKFLOWS);
  if (parts.ofProcess) collectDefaultMetrics({ register: registry });
  tellBuild(registry, parts);
  const instruments = createInstruments(registry, workflowName);
  const counters = createEventCounters(registry, await store.read.metrics.logEnd(), workflowName);
  const write = createStateGauges(registry, settings, counters.queueStart.ofFleet);
  const took = new Gauge({
    name: 'flotilla_metrics_reading_seconds',
    help: 'What the last reading of the store took',
    registers: [registry],
  });

  /** Returns for how many milliseconds the numbers are good. */
  async function readStore(): Promise<number> {
    const { read } = store;
    await counters.catchUp(read);
    const startedAt = performance.now();
    const now = clock.now();
    const fleets = await read.metrics.live();
    const queues = await read.metrics.queues();
    write({ now, fleets, queues, budgets: await read.metrics.budgets(now, MOST_INSTALLATIONS) });
    const tookMs = performance.now() - startedAt;
    took.set(tookMs / 1000);
    return Math.min(MOST_KEPT_MS, Math.max(KEPT_MS, tookMs * KEPT_FACTOR));
  }

  const refresh = kept(readStore, clock);
  return {
    instruments,
    contentType: registry.contentType,
    async text() {
      await refresh();
      return registry.metrics();
    },
  };
}

/** The work, not again as long as it says, and never twice at once; what failed is tried again. */
function kept(work: () => Promise<number>, clock: Clock): () => Promise<void> {
  let readAt = Number.NEGATIVE_INFINITY;
  let goodMs = 0;
  let running: Promise<void> | undefined;
  return () => {
    const now = clock.now();
    // A clock that was set back must not keep them for longer.
    if (running === undefined && now >= readAt && now < readAt + goodMs) return Promise.resolve();
    running ??= work()
      .then((ms) => {
        goodMs = ms;
        readAt = now;
      })
      .finally(() => {
        running = undefined;
      });
    return running;
  };
}

function tellBuild(registry: Registry, { version, settings, boxed }: MetricsParts): void {
  const registers = [registry];
  new Gauge({
    name: 'flotilla_build_info',
    help: 'Always 1; the version that runs',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1);
  new Gauge({
    name: 'flotilla_sandbox_info',
    help: 'Always 1; sandbox of the settings, and whether commands run in boxes',
    labelNames: ['mode', 'boxed'],
    registers,
  }).set({ mode: settings.sandbox, boxed: String(boxed) }, 1);
}
