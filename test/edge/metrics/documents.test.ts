import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { completed, insertReady, startTask } from '../../store/fixtures.ts';
import { githubAnswer, givenMetrics, session } from './given-metrics.ts';
import { alertQueries, dashboardQueries, guideQueries, type Query, readQuery } from './queries.ts';
import type { Scrape } from './scrape.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'operations.md'), 'utf8');
/** What Prometheus itself adds. */
const TARGET = ['job', 'instance'];

/** Of an app in which everything that is counted has happened once. */
async function wholeScrape(): Promise<Scrape> {
  const { store, instruments, clock, scrape } = await givenMetrics({ ofProcess: true });
  instruments.githubAnswered(githubAnswer);
  instruments.webhookAnswered({ event: 'issue_comment', status: 202, durationMs: 3 });
  instruments.httpAnswered({ route: '/v1/fleets/:id', method: 'GET', status: 200, durationMs: 3 });
  instruments.sessionEnded({ ...session, tokens: { input: 1, output: 1, cachedInput: 1 } });
  instruments.deliveryTaken(5);
  instruments.diskMeasured({ workspaces: 1, mirrors: 1, logs: 1, free: 1 });
  await insertReady(store, 'f-1', 1);
  const task = await startTask(store, 'f-1/0');
  await store.write((tx) => tx.tasks.end(task, completed, clock.at));
  await store.write((tx) => tx.budget.close(7, Number.MAX_SAFE_INTEGER));
  return scrape();
}

let kept: Promise<Scrape> | undefined;
let scrape: Scrape;
beforeEach(async () => {
  kept ??= wholeScrape();
  scrape = await kept;
});

function faultsOf(query: Query): string[] {
  const metrics = scrape.metrics();
  const { used, labels } = readQuery(query);
  const known = new Set(used.flatMap(({ metric }) => [...(metrics.get(metric)?.labels ?? [])]));
  const ofMetrics = used
    .filter(({ metric }) => metric !== 'up')
    .flatMap(({ metric, matchers }) => {
      const told = metrics.get(metric);
      if (told === undefined) return [`${query.where}: nobody exports ${metric}`];
      return matchers
        .filter(({ label }) => !TARGET.includes(label))
        .flatMap(({ label, op, value }) => {
          if (!told.labels.has(label)) return [`${query.where}: ${metric} has no label ${label}`];
          const values = scrape.samples(metric).map(({ labels: of }) => of[label]);
          const isThere = op === '=~' || value === '' || values.includes(value);
          return isThere ? [] : [`${query.where}: ${metric} never has ${label}="${value}"`];
        });
    });
  const unknown = [...labels, ...query.named].filter((label) => !known.has(label) && !TARGET.includes(label));
  return [...ofMetrics, ...unknown.map((label) => `${query.where}: nothing that it reads has a label ${label}`)];
}

describe.each([
  ['the dashboard', dashboardQueries],
  ['the alert rules', alertQueries],
  ['the guide', guideQueries],
])('%s', (_, queries) => {
  it('reads only metrics, labels and values that a running app exports', () => {
    expect(queries().length).toBeGreaterThan(3);
    expect(queries().flatMap(faultsOf)).toEqual([]);
  });
});

describe('the look at queries', () => {
  it.each([
    ['flotilla_task', 'here: nobody exports flotilla_task'],
    ['sum by(workflows) (flotilla_tasks)', 'here: nothing that it reads has a label workflows'],
    ['flotilla_tasks{state="queued"}', 'here: flotilla_tasks has no label state'],
    ['flotilla_tasks{status="queue"}', 'here: flotilla_tasks never has status="queue"'],
    ['flotilla_tasks{status!="queue"}', 'here: flotilla_tasks never has status="queue"'],
  ])('finds the fault of %s', (expr, fault) => {
    expect(faultsOf({ where: 'here', expr, named: [] })).toEqual([fault]);
  });

  it('finds a label that only a legend names, and what is no PromQL', () => {
    expect(faultsOf({ where: 'here', expr: 'flotilla_tasks', named: ['kind'] })).toHaveLength(1);
    expect(() => readQuery({ where: 'here', expr: 'rate(flotilla_tasks[5m' })).toThrow('here: no PromQL');
  });
});

describe('the table of the guide', () => {
  it('has every metric with its labels, and no other', () => {
    const families = new Map<string, string>();
    for (const [name, { labels }] of scrape.metrics()) {
      if (!name.startsWith('flotilla_') || /_(sum|count)$/.test(name)) continue;
      const own = [...labels].filter((label) => label !== 'le').toSorted();
      families.set(name.replace(/_bucket$/, ''), own.join(', '));
    }
    const rows = [...GUIDE.matchAll(/^\| `(flotilla_\w+)` +\|([^|]*)\|/gm)].map(([, name = '', labels = '']) => {
      const named = [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label);
      return [name, named.toSorted().join(', ')] as const;
    });
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(families));
  });
});
