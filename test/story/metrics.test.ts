import { beforeEach, describe, expect, it } from 'vitest';
import { type Scrape, scrapeOf } from '../edge/metrics/scrape.ts';
import { ask } from './api/api-client.ts';
import { METRICS_TOKEN } from './start-app.ts';
import { toldAgent } from './told-agents.ts';
import { services, workflowFiles } from './workflows.ts';
import { openWorld, type World } from './world.ts';

const MINUTE = 60_000;

const workflow = (name: string, nodes: string) => `
name: ${name}
services: [{ tag: app }]
parallel: true
nodes:
${nodes}`;

const WORKFLOWS = workflowFiles({
  write: workflow('write', '  - { id: write, bash: \'test "$SERVICE_NAME" != hidden-two && echo new > VERSION\' }\n'),
  ask: workflow('ask', '  - { id: gate, approval: { message: "Go on?" } }\n'),
  agent: workflow('agent', '  - { id: ask, prompt: "write a = b\\ncost 0.25\\ntokens 100 20 3000" }\n'),
});

async function givenWorld(
  settings = 'metrics: { listen: "127.0.0.1:0", token_from: METRICS_TOKEN }\n',
): Promise<World> {
  const { agents = {}, settings: told = '' } = toldAgent({});
  return openWorld({
    agents,
    settings: `${told}${settings}`,
    platform: { files: WORKFLOWS },
    repositories: services('hidden-one', 'hidden-two', 'hidden-three'),
  });
}

/** What Prometheus would see, with numbers of this moment. */
async function scrape(world: World): Promise<Scrape> {
  world.clock.move(MINUTE);
  const response = await fetch(world.metricsUrl ?? '');
  expect(response.status).toBe(200);
  return scrapeOf(await response.text());
}

describe('a scrape', () => {
  let world: World;
  beforeEach(async () => {
    world = await givenWorld();
  });

  it('tells of the HTTP API by routes and never by what was asked for', async () => {
    const { mona = '' } = world.appTokens;
    await ask(world, mona, 'GET', '/v1/fleets');
    await ask(world, mona, 'GET', '/v1/fleets/f-abcd2345');
    await ask(world, null, 'GET', '/v1/hidden');
    const told = await scrape(world);
    const requests = (route: string, status: string) =>
      told.value('flotilla_http_requests_total', { route, method: 'GET', status });
    expect(requests('/v1/fleets', '200')).toBe(1);
    expect(requests('/v1/fleets/:fleet_id', '404')).toBe(1);
    expect(requests('', '401')).toBe(1);
  });

  it('tells of a fleet what ended how, what it waited for and what GitHub allows, and never whose it is', async () => {
    await world.comment('mona', '/fleet write');
    const told = await scrape(world);
    const [changed, failed] = [
      { status: 'completed', outcome: 'changed', category: '' },
      { status: 'failed', outcome: '', category: 'command' },
    ];
    expect(told.value('flotilla_tasks_ended_total', changed)).toBe(2);
    expect(told.value('flotilla_tasks_ended_total', failed)).toBe(1);
    expect(told.value('flotilla_workflow_tasks_ended_total', { workflow: 'write', status: 'completed' })).toBe(2);
    expect(told.value('flotilla_fleets_ended_total', { workflow: 'write', status: 'partial' })).toBe(1);
    expect(told.value('flotilla_fleets_ended_total', { workflow: 'write', status: 'completed' })).toBe(0);
    expect(told.value('flotilla_fleets_planned_total', { workflow: 'write' })).toBe(1);
    expect(told.value('flotilla_tasks_started_total')).toBe(3);
    expect(told.value('flotilla_task_duration_seconds_count', { status: 'completed' })).toBe(2);
    expect(told.value('flotilla_task_wait_seconds_count')).toBe(3);
    expect(told.value('flotilla_fleet_duration_seconds_count', { status: 'partial' })).toBe(1);
    expect(told.value('flotilla_delivery_wait_seconds_count')).toBe(1);
    expect(
      told.value('flotilla_webhook_duration_seconds_count', { event: 'issue_comment', status: '200' }),
    ).toBeGreaterThan(0);

    const installation = String(world.installationId);
    const { core, graphql } = Object.fromEntries(
      told
        .samples('flotilla_github_rate_limit_remaining')
        .filter(({ labels }) => labels.installation === installation)
        .map(({ labels, value }) => [labels.resource, value]),
    );
    expect(core).toBeLessThan(5000);
    expect(graphql).toBeLessThan(5000);
    expect(told.value('flotilla_github_rate_limit', { installation, resource: 'core' })).toBe(5000);
    expect(told.value('flotilla_github_requests_total', { method: 'POST', status: '201' })).toBeGreaterThan(3);
    expect(told.value('flotilla_content_budget_sent', { installation, window: 'hour' })).toBeGreaterThan(3);
    expect(told.value('flotilla_content_budget_limit', { window: 'hour' })).toBe(500);
    expect(told.value('flotilla_content_budget_closed_until_timestamp_seconds', { installation })).toBe(0);

    expect(told.value('flotilla_fleets', { status: 'running' })).toBe(0);
    expect(told.value('flotilla_queue_oldest_seconds')).toBe(0);
    expect(told.value('flotilla_build_info', { version: '1.2.3' })).toBe(1);
    expect(told.samples('flotilla_sandbox_info')).toMatchObject([{ labels: { mode: 'required' }, value: 1 }]);

    const { id } = await world.fleet();
    const tokens = [
      METRICS_TOKEN,
      ...Object.values(world.tokens),
      await world.app.gitToken(1, 1, 'read').catch(() => id),
    ];
    for (const secret of ['hidden', 'acme', 'mona', id, ...tokens]) expect(told.text).not.toContain(secret);
  });

  it('tells what waits for people and what runs, and a retry adds to what ended', async () => {
    await world.comment('mona', '/fleet ask');
    const waiting = await scrape(world);
    expect(waiting.value('flotilla_fleets', { status: 'waiting' })).toBe(1);
    expect(waiting.value('flotilla_tasks', { status: 'waiting', outcome: '' })).toBe(3);
    await world.comment('mona', '/fleet cancel', { issue: (await world.trackingIssues()).at(-1)?.number ?? 0 });
    const cancelled = await scrape(world);
    const end = { status: 'cancelled', outcome: '', category: 'cancelled' };
    expect(cancelled.value('flotilla_tasks_ended_total', end)).toBe(3);
    await world.comment('mona', '/fleet write');
    await world.comment('mona', '/fleet retry', { issue: (await world.trackingIssues()).at(-1)?.number ?? 0 });
    const retried = await scrape(world);
    const failed = { status: 'failed', outcome: '', category: 'command' };
    expect(retried.value('flotilla_tasks_ended_total', failed)).toBe(2);
    expect(retried.value('flotilla_tasks_ended_total', end)).toBe(3);
    expect(retried.value('flotilla_tasks_retried_total')).toBe(1);
  });

  it('tells what agents cost, by agent and workflow', async () => {
    await world.comment('mona', '/fleet agent');
    const told = await scrape(world);
    const of = { agent: 'told', workflow: 'agent' };
    expect(told.value('flotilla_agent_sessions_total', { ...of, cost: 'told' })).toBe(3);
    expect(told.value('flotilla_agent_cost_usd_total', { ...of, cost: 'told' })).toBeCloseTo(0.75);
    expect(told.value('flotilla_agent_tokens_total', { ...of, kind: 'input' })).toBe(300);
    expect(told.value('flotilla_agent_tokens_total', { ...of, kind: 'output' })).toBe(60);
    expect(told.value('flotilla_agent_tokens_total', { ...of, kind: 'cached_input' })).toBe(9000);
  });

  it('begins at 0 after a restart, counts nothing twice, and what is now is as it was', async () => {
    await world.comment('mona', '/fleet write');
    await world.comment('mona', '/fleet ask');
    expect((await scrape(world)).value('flotilla_tasks_started_total')).toBe(6);
    await world.crashAndRestart();
    const fresh = await scrape(world);
    expect(fresh.value('flotilla_tasks_started_total')).toBe(0);
    expect(fresh.samples('flotilla_tasks_ended_total').filter(({ value }) => value > 0)).toEqual([]);
    expect(fresh.value('flotilla_tasks', { status: 'waiting', outcome: '' })).toBe(3);
    await world.comment('mona', '/fleet write');
    expect((await scrape(world)).value('flotilla_tasks_started_total')).toBe(3);
  });

  it('never lets a counter go down', async () => {
    const counters = (told: Scrape) => new Map(told.counters().map(({ key, value }) => [key, value]));
    let before = counters(await scrape(world));
    for (const command of ['write', 'ask', 'cancel', 'agent', 'retry', 'write']) {
      const issue = (await world.trackingIssues()).at(-1)?.number ?? 1;
      await world.comment('mona', `/fleet ${command}`, ['cancel', 'retry'].includes(command) ? { issue } : {});
      const after = counters(await scrape(world));
      const lower = [...before].filter(([key, value]) => (after.get(key) ?? -1) < value);
      expect(lower).toEqual([]);
      before = after;
    }
  });
});

describe('where metrics can be read', () => {
  const onPort = (world: World, authorization?: string, path = '/metrics') =>
    fetch(new URL(path, world.webhookUrl), authorization === undefined ? {} : { headers: { authorization } });

  it('is nowhere without the key', async () => {
    const world = await givenWorld('');
    expect(world.metricsUrl).toBeNull();
    expect((await onPort(world, `Bearer ${METRICS_TOKEN}`)).status).toBe(404);
  });

  it("is the server's own port for whoever has the token, and tells others nothing", async () => {
    const world = await givenWorld('metrics: { token_from: METRICS_TOKEN }\n');
    expect(world.metricsUrl).toBeNull();
    for (const wrong of [
      undefined,
      '',
      'Bearer',
      `Bearer ${METRICS_TOKEN}x`,
      `Basic ${METRICS_TOKEN}`,
      METRICS_TOKEN,
    ]) {
      const refused = await onPort(world, wrong);
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
      expect(await refused.text()).not.toMatch(/flotilla_|a-token/);
    }
    const answered = await onPort(world, `Bearer ${METRICS_TOKEN}`);
    expect([answered.status, answered.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    expect(await answered.text()).toContain('flotilla_build_info{version="1.2.3"} 1');
    expect((await onPort(world, `Bearer ${METRICS_TOKEN}`, '/metrics/more')).status).toBe(404);
  });

  it('is a listener of its own that answers nothing else', async () => {
    const world = await givenWorld('metrics: { listen: "127.0.0.1:0" }\n');
    const url = world.metricsUrl ?? '';
    expect((await fetch(url)).status).toBe(200);
    for (const path of ['/', '/healthz', '/api/github/webhooks', '/metrics/']) {
      expect([path, (await fetch(new URL(path, url))).status]).toEqual([path, 404]);
    }
    expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(404);
    expect((await onPort(world, `Bearer ${METRICS_TOKEN}`)).status).toBe(404);
  });
});
