import { execFileSync } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { tellWebhook } from '../../../../src/local-github/exchanges.ts';
import { announcedFetch } from '../../../../src/platform/github/announced-fetch.ts';
import { givenGitHub, repositories } from '../../../local-github/given-github.ts';
import { watchedProcess } from '../watched-process.ts';

const API = 'https://api.github.com';
const send = announcedFetch(API, async () => new Response('{}'), 'app');
const pull = { title: 't', head: 'fleet/x', base: 'main' };
const post = (path: string, body: object) => send(`${API}${path}`, { method: 'POST', body: JSON.stringify(body) });

test('the app sends a right request', async () => {
  await post('/repos/acme/api/pulls', pull);
});

test('the app renames a field of a request', async () => {
  const { base, ...rest } = pull;
  await post('/repos/acme/api/pulls', { ...rest, basis: base });
});

test('the app uses an operation that is not listed', async () => {
  await send(`${API}/repos/acme/api/branches`);
});

test('a person uses an operation that is not listed', async () => {
  await announcedFetch(API, async () => new Response('{}'), 'person')(`${API}/repos/acme/api/branches`);
});

test('a person renames a field of a request', async () => {
  const { base, ...rest } = pull;
  const body = JSON.stringify({ ...rest, basis: base });
  const sent = announcedFetch(API, async () => new Response('{}'), 'person');
  await sent(`${API}/repos/acme/api/pulls`, { method: 'POST', body });
});

test('the app sends an unknown field of GraphQL', async () => {
  await post('/graphql', { query: '{ viewer { logon } }' });
});

test('the local GitHub takes and answers what is right', async () => {
  const world = await givenGitHub([{ login: 'acme', repositories: repositories('alpha') }]);
  onTestFinished(() => world.close());
  expect((await world.api('POST', '/repos/acme/alpha/issues/1/comments', { body: { body: 'x' } })).status).toBe(201);
});

test('the local GitHub loses a field of an answer', async () => {
  const world = await givenGitHub([{ login: 'acme', repositories: repositories('alpha') }]);
  onTestFinished(() => world.close());
  // An object for a text stands for a renderer that went wrong.
  const { state } = world.github.context;
  const issue = state.issues.all()[0];
  if (issue === undefined) throw new Error('There is no issue.');
  state.issues.update(issue.id, { title: Object(7) });
  await world.api('GET', '/repos/acme/alpha/issues/1');
});

test('the local GitHub sends a webhook that GitHub does not know', () => {
  tellWebhook({ event: 'issues', action: 'opend', headers: {}, body: '{"action":"opend"}' });
});

test('a process of a test violates the contract', () => {
  const code = `
    import { tellWebhook } from './src/local-github/exchanges.ts';
    tellWebhook({ event: 'star', action: 'created', headers: {}, body: '{}' });`;
  const env = { ...process.env, ...watchedProcess() };
  execFileSync(process.execPath, ['--input-type=module', '--eval', code], { env });
});

test('a process of a test uses an operation that is not listed', () => {
  const code = `
    import { announcedFetch } from './src/platform/github/announced-fetch.ts';
    await announcedFetch('${API}', async () => new Response('{}'), 'app')('${API}/rate_limit');`;
  const env = { ...process.env, ...watchedProcess() };
  execFileSync(process.execPath, ['--input-type=module', '--eval', code], { env });
});

test('the local GitHub breaks down over a request', async () => {
  const world = await givenGitHub([{ login: 'acme', repositories: repositories('alpha') }]);
  onTestFinished(() => world.close());
  world.github.context.state.issues.need = () => {
    throw new Error('The disk is gone.');
  };
  await world.api('PATCH', '/repos/acme/alpha/issues/1', { body: { title: 'x' } });
});

test('a message cannot be compared', async () => {
  await announcedFetch('no address', async () => new Response('{}'), 'app')('/repos');
});

test('a world violates the contract while it closes', () => {
  onTestFinished(() => tellWebhook({ event: 'fork', action: null, headers: {}, body: '{}' }));
});
