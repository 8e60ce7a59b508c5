import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { services, workflowFiles } from '../workflows.ts';
import { openWorld } from '../world.ts';
import { ask } from './api-client.ts';

const WORK = `
name: work
services: [{ tag: app }]
nodes:
  - { id: write, bash: "echo new > VERSION; echo written; echo ghp_abcdefghijklmnopqrstuvwxyz0123456789" }
  - { id: long, bash: "seq 1 60000; printf '\\\\033[31mred'", depends_on: [write] }
  - { id: gate, approval: { message: "May {{service}} ship?" }, depends_on: [long] }
  - { id: check, bash: "test ! -e fail", depends_on: [gate] }
`;

test('a task tells its attempts, nodes, questions and logs, and no credential that a node printed', async () => {
  const world = await openWorld({
    settings: 'api: { allow_pat: true }\n',
    users: ['eve'],
    platform: { files: workflowFiles({ work: WORK }) },
    repositories: services('one', 'two'),
  });
  const token = world.tokens.mona ?? '';
  await world.commit('mona', 'one', 'fail', 'x', 'main');
  const started = await ask(world, token, 'POST', '/v1/fleets', {
    control_repository: 'acme/platform',
    workflow: 'work',
  });
  const [one, two] = started.body.fleet.tasks;
  const path = `/v1/fleets/${started.body.fleet.id}/tasks/${one.id}`;
  const queued = await ask(world, token, 'GET', path);
  expect(queued.body).toMatchObject({ status: 'queued', queue_position: 1, attempts: [], approvals: [] });
  expect((await ask(world, token, 'GET', `${path}/logs`)).body.error.message).toContain('It has not begun.');
  await world.settle();

  const waiting = (await ask(world, token, 'GET', path)).body;
  expect(waiting).toMatchObject({ status: 'waiting', attempt: 1, repository: 'acme/one' });
  expect(waiting.attempts[0].nodes.map(({ id, status }: { id: string; status: string }) => [id, status])).toEqual([
    ['write', 'completed'],
    ['long', 'completed'],
    ['gate', 'waiting'],
  ]);
  expect(waiting.attempts[0].nodes[0]).toMatchObject({ kind: 'bash', exit_code: 0, files: [{ try: 1, part: null }] });
  expect(waiting.approvals).toMatchObject([
    { node: 'gate', message: 'May acme/one ship?', open: true, decision: null, decisions: [{ id: 'approve' }, {}] },
  ]);

  // What is written is cleaned already; what somebody has put there is cleaned as it is read.
  const secret = 'ghp_zyxwvutsrqponmlkjihgfedcba9876543210';
  appendFileSync(join(world.folder, 'data', 'logs', one.id, '1.write.log'), `\u001b[31mlater ${secret}\n`);
  appendFileSync(join(world.folder, 'data', 'logs', one.id, '1.long.log'), ` ${secret}`);
  const logs = (await ask(world, token, 'GET', `${path}/logs`)).body;
  expect(JSON.stringify(logs)).not.toContain(secret);
  const texts = Object.fromEntries(
    logs.nodes.map(({ id, files }: { id: string; files: { text: string }[] }) => [id, files[0]?.text]),
  );
  expect(texts.write).toBe('written\n***\nlater ***\n');
  expect(texts.long).toMatch(/60000\s+red \*\*\*$/);
  const long = (await ask(world, token, 'GET', `${path}/logs?node=long&attempt=1`)).body.nodes[0].files[0];
  expect(long.whole).toBe(false);
  expect(long.text.length).toBeLessThanOrEqual(256 * 1024);
  expect(long.text).toMatch(/^\d{5}\n/);

  await ask(world, token, 'POST', `/v1/fleets/${started.body.fleet.id}/approve`, { text: 'Go' });
  await world.settle();
  const ended = (await ask(world, token, 'GET', path)).body;
  expect(ended).toMatchObject({ status: 'failed', failure: { category: 'command' } });
  expect(ended.attempts[0].nodes.at(-1)).toMatchObject({
    id: 'check',
    status: 'failed',
    failure: 'command',
    exit_code: 1,
  });
  expect(ended.approvals).toMatchObject([
    { open: false, decision: 'approve', text: 'Go', decided_by: { login: 'mona' } },
  ]);

  for (const wrong of [
    `${path}/logs?node=nope`,
    `${path}/logs?attempt=2`,
    `${path.replace(one.id, 't-aaaaaaaaaaaa')}`,
  ]) {
    expect((await ask(world, token, 'GET', wrong)).body.error.code, wrong).toBe('not_found');
  }
  const elsewhere = `/v1/fleets/${started.body.fleet.id}/tasks/${encodeURIComponent('../../t')}/logs`;
  expect((await ask(world, token, 'GET', elsewhere)).status).toBe(404);
  expect((await ask(world, world.tokens.eve ?? '', 'GET', path)).body.error.code).toBe('unknown_fleet');
  expect(two.id).not.toBe(one.id);
});

test('a task of another fleet is not one of this', async () => {
  const world = await openWorld({
    settings: 'api: { allow_pat: true }\n',
    platform: { files: workflowFiles({ work: WORK, other: WORK.replace('name: work', 'name: other') }) },
    repositories: services('one'),
  });
  const token = world.tokens.mona ?? '';
  const body = { control_repository: 'acme/platform', workflow: 'work' };
  const first = (await ask(world, token, 'POST', '/v1/fleets', body)).body.fleet;
  const second = (await ask(world, token, 'POST', '/v1/fleets', { ...body, workflow: 'other' })).body.fleet;
  const crossed = await ask(world, token, 'GET', `/v1/fleets/${first.id}/tasks/${second.tasks[0].id}`);
  expect(crossed.status).toBe(404);
});
