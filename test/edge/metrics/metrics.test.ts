import { describe, expect, it } from 'vitest';
import { insertFleet, insertReady, mona, startTask } from '../../store/fixtures.ts';
import { githubAnswer, givenMetrics, session } from './given-metrics.ts';

const SECONDS = 1000;

describe('labels that others choose', () => {
  it('are bounded: later workflows, agents, routes and installations are one', async () => {
    const { instruments, scrape } = await givenMetrics();
    for (let index = 0; index < 500; index += 1) {
      instruments.sessionEnded({ ...session, agent: `agent-${index}`, workflow: `workflow-${index}` });
      instruments.httpAnswered({ route: `/v1/${index}`, method: `M${index}`, status: 200, durationMs: 1 });
      instruments.webhookAnswered({ event: `event-${index}`, status: 202, durationMs: 1 });
      instruments.githubAnswered({
        ...githubAnswer,
        installationId: index,
        headers: { ...githubAnswer.headers, 'x-ratelimit-resource': `resource-${index}` },
      });
    }
    const told = await scrape();
    expect(told.value('flotilla_agent_sessions_total', { agent: 'other', workflow: 'other', cost: 'told' })).toBe(400);
    expect(told.samples('flotilla_agent_sessions_total')).toHaveLength(101);
    expect(told.value('flotilla_http_requests_total', { route: 'other', method: 'other', status: '200' })).toBe(300);
    expect(told.value('flotilla_webhook_duration_seconds_count', { event: 'other', status: '202' })).toBe(500);
    expect(told.samples('flotilla_github_rate_limit')).toHaveLength(101);
    expect(told.text.length).toBeLessThan(400_000);
  });

  it('cannot break the format', async () => {
    const { instruments, scrape } = await givenMetrics();
    instruments.sessionEnded({ ...session, agent: 'a"} 9\nflotilla_fleets{status="x' });
    const told = await scrape();
    expect(told.samples('flotilla_fleets')).toHaveLength(3);
    expect(told.samples('flotilla_agent_sessions_total')).toHaveLength(1);
  });
});

describe('the queue', () => {
  it('tells what may begin apart from what its fleet holds, and how long it has waited', async () => {
    const { store, clock, scrape } = await givenMetrics();
    await insertReady(store, 'f-1', 3, { createdAt: 4 * SECONDS });
    await insertReady(store, 'f-2', 2, { createdAt: 1 * SECONDS, expiresAt: 9_999_999 });
    const told = await scrape();
    expect(told.value('flotilla_queue_tasks', { state: 'ready' })).toBe(3);
    expect(told.value('flotilla_queue_tasks', { state: 'held' })).toBe(2);
    expect(told.value('flotilla_queue_oldest_seconds')).toBe(66);
    expect(told.value('flotilla_fleets', { status: 'planned' })).toBe(1);

    await startTask(store, 'f-1/0', clock.at);
    await store.write((tx) => tx.fleets.pause('f-1', mona, clock.at));
    const paused = await scrape();
    expect(paused.value('flotilla_queue_tasks', { state: 'held' })).toBe(4);
    expect(paused.value('flotilla_queue_oldest_seconds')).toBe(0);
    expect(paused.value('flotilla_task_wait_seconds_sum')).toBe(66);

    await store.write((tx) => tx.fleets.resume('f-1', mona, clock.at));
    await store.write((tx) => tx.fleets.approve('f-2', mona, clock.at + 20 * SECONDS));
    const resumed = await scrape();
    expect(resumed.value('flotilla_queue_oldest_seconds')).toBe(60);
    expect(resumed.value('flotilla_queue_tasks', { state: 'ready' })).toBe(4);
    await startTask(store, 'f-2/0', clock.at);
    const sums = [resumed, await scrape()].map((one) => one.value('flotilla_task_wait_seconds_sum'));
    expect(sums).toEqual([66, 66 + 40]);
  });

  it('tells deliveries, tracking issues that are behind, a full disk and a closed installation', async () => {
    const { store, clock, scrape } = await givenMetrics();
    await insertFleet(store, 'f-1', 1, { createdAt: 4 * SECONDS });
    await store.write(async (tx) => {
      await tx.disk.setFull(true, clock.at);
      await tx.budget.close(7, 500 * SECONDS);
    });
    const told = await scrape();
    expect(told.value('flotilla_reports_behind')).toBe(1);
    expect(told.value('flotilla_report_behind_seconds')).toBe(66);
    expect(told.value('flotilla_disk_full')).toBe(1);
    const closed = 'flotilla_content_budget_closed_until_timestamp_seconds';
    expect(told.value(closed, { installation: '7' })).toBe(500);
    clock.at = 600 * SECONDS;
    expect((await scrape()).samples(closed)).toEqual([]);
  });
});

describe('a reading of the store', () => {
  it('is made once for scrapes that come together or soon after, and again after that', async () => {
    const { store, clock, metrics } = await givenMetrics();
    let readings = 0;
    const { live } = store.read.metrics;
    store.read.metrics.live = () => {
      readings += 1;
      return live();
    };
    await Promise.all([metrics.text(), metrics.text(), metrics.text()]);
    clock.at += 4 * SECONDS;
    await metrics.text();
    expect(readings).toBe(1);
    clock.at += 60 * SECONDS;
    await metrics.text();
    expect(readings).toBe(2);
    // As when the machine's clock was set back.
    clock.at = 0;
    await metrics.text();
    expect(readings).toBe(3);
  });

  it('that failed fails its scrape alone, and counts nothing twice', async () => {
    const { store, scrape } = await givenMetrics();
    await insertReady(store, 'f-1', 1);
    const { live } = store.read.metrics;
    store.read.metrics.live = () => Promise.reject(new Error('the disk is gone'));
    await expect(scrape()).rejects.toThrow('the disk is gone');
    store.read.metrics.live = live;
    expect((await scrape()).value('flotilla_fleets_planned_total', { workflow: 'bump' })).toBe(1);
  });

  it('knows nothing of a disk that nobody measured', async () => {
    const { scrape, instruments } = await givenMetrics();
    expect((await scrape()).samples('flotilla_disk_free_bytes')).toEqual([]);
    instruments.diskMeasured({ free: 0 });
    expect((await scrape()).value('flotilla_disk_free_bytes')).toBe(0);
  });
});
