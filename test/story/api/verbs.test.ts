import { describe, expect, it, test } from 'vitest';
import { services, workflowFiles } from '../workflows.ts';
import { openWorld, type World } from '../world.ts';
import { type ApiResponse, ask } from './api-client.ts';

const SETTINGS = 'api: { allow_pat: true }\n';

const version = (nodes: string) => `
name: work
services: [{ tag: app }]
nodes:
${nodes}
`;
const write = '  - { id: write, bash: "echo new > VERSION" }';

interface Options {
  nodes?: string;
  names?: readonly string[];
  users?: readonly string[];
  settings?: string;
  files?: Record<string, string>;
}

async function openWith({
  nodes = write,
  names = ['one', 'two'],
  users = [],
  settings = '',
  files = {},
}: Options = {}) {
  return openWorld({
    settings: `${SETTINGS}${settings}`,
    users,
    platform: { files: { ...workflowFiles({ work: version(nodes) }), ...files } },
    repositories: services(...names),
  });
}

/** As this person; null: nobody. */
const as =
  (world: World, login: string) =>
  (method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<ApiResponse> =>
    ask(world, world.tokens[login] ?? '', method, path, body, headers);

async function submitted(world: World, more: object = {}): Promise<string> {
  const { status, body } = await as(world, 'mona')('POST', '/v1/fleets', {
    control_repository: 'acme/platform',
    workflow: 'work',
    ...more,
  });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.fleet.id;
}

describe('a fleet', () => {
  it('is cancelled before it starts, once for a key, and not again', async () => {
    const world = await openWith();
    const id = await submitted(world);
    const mona = as(world, 'mona');
    const key = { 'idempotency-key': 'k-1' };
    const cancelled = await mona('POST', `/v1/fleets/${id}/cancel`, undefined, key);
    expect(cancelled.body).toMatchObject({ fleet: { status: 'cancelled', counts: { cancelled: 2 } }, stopping: 0 });
    const again = await mona('POST', `/v1/fleets/${id}/cancel`, undefined, key);
    expect(again.headers.get('idempotent-replay')).toBe('true');
    expect(again.body).toEqual(cancelled.body);
    world.clock.move(1000);
    const late = await mona('POST', `/v1/fleets/${id}/cancel`);
    expect(late.status).toBe(409);
    expect(late.body.error).toMatchObject({ code: 'wrong_state' });
    await world.settle();
    expect(await world.pulls('one')).toEqual([]);
  });

  it('is the one that its path names: a key of another fleet is another request', async () => {
    const world = await openWith();
    const id = await submitted(world);
    const mona = as(world, 'mona');
    const key = { 'idempotency-key': 'k-1' };
    await mona('POST', `/v1/fleets/${id}/cancel`, undefined, key);
    const other = await submitted(world);
    const conflict = await mona('POST', `/v1/fleets/${other}/cancel`, undefined, key);
    expect(conflict.status).toBe(409);
    expect(conflict.body.error.code).toBe('idempotency_conflict');
  });

  it('is cancelled once for a key whose first answer was lost with the process', async () => {
    const world = await openWith();
    const id = await submitted(world);
    const key = { 'idempotency-key': 'k-1' };
    await as(world, 'mona')('POST', `/v1/fleets/${id}/cancel`, undefined, key);
    const { sender } = await world.fleet();
    await world.store.write(async (tx) => {
      const row = await tx.apiRequests.get(`person:${sender.id}`, 'k-1');
      if (row === undefined) throw new Error('The key was not kept.');
      await tx.apiRequests.forget(row.openedAt);
      await tx.apiRequests.open(`person:${sender.id}`, 'k-1', row.digest, row.openedAt);
    });
    world.clock.move(5_000);
    const again = await as(world, 'mona')('POST', `/v1/fleets/${id}/cancel`, undefined, key);
    expect(again.body).toMatchObject({ fleet: { status: 'cancelled' }, stopping: 0 });
  });

  it('runs again where it failed, and the rest of it stands', async () => {
    const world = await openWith({
      nodes: '  - { id: write, bash: "echo new > VERSION; test ! -e fail" }',
    });
    await world.commit('mona', 'two', 'fail', 'x', 'main');
    const id = await submitted(world);
    await world.settle();
    const mona = as(world, 'mona');
    const partial = (await mona('GET', `/v1/fleets/${id}`)).body;
    expect(partial).toMatchObject({ status: 'partial', counts: { completed: 1, failed: 1 }, pull_requests: 1 });
    expect(partial.tasks[0].pull_request.url).toContain('/acme/one/pull/');
    expect(partial.tasks[1]).toMatchObject({ status: 'failed', pull_request: null });
    expect(partial.tasks[1].failure).toMatchObject({ category: 'command', title: expect.any(String) });
    expect(partial.tasks[1].failure.remedy).not.toBe('');
    world.clock.move(1000);
    const none = await mona('POST', `/v1/fleets/${id}/retry`, { repositories: 'one' });
    expect(none.body.error.code).toBe('wrong_state');
    const retried = await mona('POST', `/v1/fleets/${id}/retry`);
    expect(retried.body).toMatchObject({ fleet: { status: 'running' }, repositories: ['acme/two'] });
    await world.settle();
    expect((await mona('GET', `/v1/fleets/${id}`)).body.tasks[1]).toMatchObject({ status: 'failed', attempt: 2 });
  });

  it('is paused and resumed', async () => {
    const world = await openWith();
    const id = await submitted(world);
    const mona = as(world, 'mona');
    expect((await mona('POST', `/v1/fleets/${id}/pause`)).body.fleet.paused).toBe(true);
    await world.settle();
    expect((await mona('GET', `/v1/fleets/${id}`)).body.counts.queued).toBe(2);
    expect((await mona('POST', `/v1/fleets/${id}/resume`)).body.fleet.paused).toBe(false);
    await world.settle();
    expect((await mona('GET', `/v1/fleets/${id}`)).body.status).toBe('completed');
  });

  it('is previewed, published and undone', async () => {
    const world = await openWith();
    const id = await submitted(world, { preview: true });
    const mona = as(world, 'mona');
    await world.settle();
    expect((await mona('GET', `/v1/fleets/${id}`)).body.tasks[0].outcome).toBe('prepared');
    const published = await mona('POST', `/v1/fleets/${id}/publish`, { repositories: 'o*' });
    expect(published.body.repositories).toEqual(['acme/one']);
    await world.settle();
    expect((await mona('GET', `/v1/fleets/${id}`)).body.pull_requests).toBe(1);
    const undone = await mona('POST', `/v1/fleets/${id}/undo`, {});
    expect(undone.body.repositories).toEqual(['acme/one']);
    await world.settle();
    expect((await world.pulls('one'))[0]?.state).toBe('closed');
  });
});

describe('a decision', () => {
  const asking = `${write}
  - { id: gate, approval: { message: "May {{service}} ship?" }, depends_on: [write] }`;

  it('runs a plan, or drops it', async () => {
    const world = await openWith();
    const mona = as(world, 'mona');
    const first = await submitted(world, { plan_only: true });
    expect((await mona('GET', `/v1/fleets/${first}`)).body.status).toBe('planned');
    const wrong = await mona('POST', `/v1/fleets/${first}/approve`, { repositories: 'one' });
    expect(wrong.status).toBe(422);
    expect(wrong.body.error.code).toBe('undecidable');
    const rejected = await mona('POST', `/v1/fleets/${first}/reject`);
    expect(rejected.body).toMatchObject({ on: 'plan', fleet: { status: 'cancelled' }, decided: [] });
    const second = await submitted(world, { plan_only: true });
    const approved = await mona('POST', `/v1/fleets/${second}/approve`, { on: 'plan' });
    expect(approved.body).toMatchObject({ on: 'plan', fleet: { status: 'running' } });
  });

  it('answers the approvals that its words mean', async () => {
    const world = await openWith({ nodes: asking });
    const mona = as(world, 'mona');
    const id = await submitted(world);
    await world.settle();
    expect((await mona('GET', `/v1/fleets/${id}`)).body.counts.waiting).toBe(2);
    const one = await mona('POST', `/v1/fleets/${id}/approve`, { repositories: 'one', node: 'gate', text: 'Good' });
    expect(one.body).toMatchObject({
      on: 'nodes',
      decision: 'approve',
      decided: [{ repository: 'acme/one', node: 'gate' }],
    });
    const two = await mona('POST', `/v1/fleets/${id}/reject`, { text: 'Not now' });
    expect(two.body).toMatchObject({ decision: 'reject', decided: [{ repository: 'acme/two', node: 'gate' }] });
    await world.settle();
    const { tasks } = (await mona('GET', `/v1/fleets/${id}`)).body;
    expect(tasks.map(({ status }: { status: string }) => status)).toEqual(['completed', 'cancelled']);
  });

  it('is refused where a comment would be', async () => {
    const world = await openWith({ nodes: asking });
    const id = await submitted(world);
    const cases = [
      [{ text: 'two\nlines' }, 'control character'],
      [{ node: ' ' }, 'needs a value'],
      [{ repositories: '!one' }, 'cannot name repositories'],
      [{ repositories: '{{{{{a}' }, 'cannot name repositories'],
    ] as const;
    for (const [body, fault] of cases) {
      const refused = await as(world, 'mona')('POST', `/v1/fleets/${id}/approve`, body);
      expect(refused.status, fault).toBe(400);
      expect(refused.body.error).toMatchObject({ code: 'invalid_command', message: expect.stringContaining(fault) });
    }
    const other = await as(world, 'mona')('POST', `/v1/fleets/${id}/reject`, { decision: 'later' });
    expect(other.body.error.message).toContain('decides `reject`');
  });

  it('is whom `approvers:` names, also without write permission; who may write and is not named gets told so', async () => {
    const world = await openWith({
      nodes: asking,
      users: ['lisa', 'eve'],
      files: { '.github/fleet.yml': 'approvers: [lisa]\n' },
    });
    const id = await submitted(world);
    await world.settle();
    const refused = await as(world, 'mona')('POST', `/v1/fleets/${id}/approve`);
    expect(refused.status).toBe(403);
    expect(refused.body.error.message).toContain('`approvers:`');
    const stranger = await as(world, 'eve')('POST', `/v1/fleets/${id}/approve`);
    expect(stranger.status).toBe(404);
    const decided = await as(world, 'lisa')('POST', `/v1/fleets/${id}/approve`);
    expect(decided.body.decided).toHaveLength(2);
  });
});

describe('somebody who may not see a fleet', () => {
  it('meets at every verb what an unknown one is', async () => {
    const world = await openWith({ users: ['eve'] });
    const id = await submitted(world);
    const eve = as(world, 'eve');
    const told = ({ status, body }: ApiResponse) => ({ status, ...body.error, request_id: '' });
    for (const verb of ['cancel', 'retry', 'approve', 'reject', 'pause', 'resume', 'publish', 'undo']) {
      const real = told(await eve('POST', `/v1/fleets/${id}/${verb}`));
      const unknown = told(await eve('POST', `/v1/fleets/f-aaaaaaaa/${verb}`));
      expect(real.status, verb).toBe(404);
      expect({ ...real, message: real.message.replace(id, 'f-aaaaaaaa') }, verb).toEqual(unknown);
    }
    expect(await world.fleet()).toMatchObject({ cancelRequestedAt: null, pausedAt: null });
  });

  it('asks GitHub anew: who could write a moment ago may change nothing any more', async () => {
    const world = await openWith();
    const id = await submitted(world);
    await as(world, 'mona')('GET', `/v1/fleets/${id}`);
    world.demote('mona', 'platform');
    expect((await as(world, 'mona')('POST', `/v1/fleets/${id}/cancel`)).status).toBe(404);
  });
});

test('a body that is not what the document tells is refused', async () => {
  const world = await openWith();
  const id = await submitted(world);
  for (const body of ['{', 'null', '[]', '"x"', '{"repositories":1}', '{"more":1}']) {
    const refused = await as(world, 'mona')('POST', `/v1/fleets/${id}/retry`, body);
    expect(refused.status, body).toBe(400);
    expect(refused.body.error.code, body).toBe('invalid_request');
  }
});
