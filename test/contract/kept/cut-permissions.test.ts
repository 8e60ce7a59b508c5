import { expect, test } from 'vitest';
import { cutPermissions } from './cut-permissions.ts';
import { readKeptPermissions } from './read-kept.ts';
import { operationsInScope } from './scope.ts';

/** One entry of GitHub's data, with the fields that the cut drops. */
function entry(verb: string, requestPath: string, access: string, other: Record<string, unknown> = {}) {
  return {
    category: 'repos',
    slug: 'a-slug',
    subcategory: 'repos',
    verb,
    requestPath,
    access,
    'user-to-server': true,
    'server-to-server': true,
    'additional-permissions': false,
    ...other,
  };
}

const more = { 'additional-permissions': true };
const peopleOnly = { 'server-to-server': false };
const comments = '/repos/{owner}/{repo}/issues/{issue_number}/comments';
const file = '/repos/{owner}/{repo}/contents/{path}';

/** Of GitHub's data as it is, far fewer entries. */
const data = {
  administration: {
    title: 'Administration',
    permissions: [
      entry('put', '/repos/{owner}/{repo}/topics', 'write'),
      entry('post', '/repos/{owner}/{repo}/transfer', 'write', peopleOnly),
    ],
  },
  contents: {
    title: 'Contents',
    permissions: [
      entry('get', file, 'read'),
      entry('put', file, 'write', more),
      entry('put', file, 'write', more),
      entry('delete', '/repos/{owner}/{repo}/git/refs/{ref}', 'write'),
    ],
  },
  workflows: { title: 'Workflows', permissions: [entry('put', file, 'write', more)] },
  pull_requests: { title: 'Pull requests', permissions: [entry('post', comments, 'write', more)] },
  issues: {
    title: 'Issues',
    permissions: [entry('post', comments, 'write', more), entry('get', '/repos/{owner}/{repo}/issues', 'read')],
  },
  metadata: { title: 'Metadata', permissions: [entry('get', '/repos/{owner}/{repo}/topics', 'read')] },
};

test('operations and their permissions are sorted, and nothing else of the data is kept', () => {
  const cut = cutPermissions(data, [
    `GET ${file}`,
    'GET /repos/{owner}/{repo}/issues',
    'PUT /repos/{owner}/{repo}/topics',
  ]);
  expect(Object.entries(cut)).toEqual([
    [`GET ${file}`, [{ permission: 'contents', access: 'read', additional: false }]],
    ['GET /repos/{owner}/{repo}/issues', [{ permission: 'issues', access: 'read', additional: false }]],
    ['PUT /repos/{owner}/{repo}/topics', [{ permission: 'administration', access: 'write', additional: false }]],
  ]);
});

test('an operation under two permissions has both, by name', () => {
  expect(cutPermissions(data, [`POST ${comments}`])[`POST ${comments}`]).toEqual([
    { permission: 'issues', access: 'write', additional: true },
    { permission: 'pull_requests', access: 'write', additional: true },
  ]);
});

test('an entry that GitHub repeats for another set of permissions is kept once', () => {
  expect(cutPermissions(data, [`PUT ${file}`])[`PUT ${file}`]).toEqual([
    { permission: 'contents', access: 'write', additional: true },
    { permission: 'workflows', access: 'write', additional: true },
  ]);
});

test('what only people can do with the app is left out', () => {
  expect(cutPermissions(data, ['POST /repos/{owner}/{repo}/transfer'])).toEqual({});
});

test('what the data does not name is left out, and the method counts', () => {
  expect(cutPermissions(data, ['GET /app', `DELETE ${file}`])).toEqual({});
});

test('a template is found under other names, and written with those of GitHub', () => {
  expect(Object.keys(cutPermissions(data, ['DELETE /repos/{org}/{name}/git/refs/{branch}']))).toEqual([
    'DELETE /repos/{owner}/{repo}/git/refs/{ref}',
  ]);
});

test('data of another shape is refused with the place of the fault', () => {
  const renamed = { metadata: { permissions: [entry('get', '/meta', 'sometimes')] } };
  expect(() => cutPermissions(renamed, [])).toThrow(/"metadata",\s+"permissions",\s+0,\s+"access"/);
});

test('the kept cut covers every operation of the local GitHub but those without a permission', () => {
  const { operations } = readKeptPermissions();
  expect(Object.keys(operations)).toEqual(Object.keys(operations).toSorted());
  expect(operationsInScope.filter((operation) => operations[operation] === undefined).toSorted()).toEqual([
    'DELETE /applications/{client_id}/token',
    'DELETE /installation/token',
    'GET /',
    'GET /app',
    'GET /app/hook/config',
    'GET /app/hook/deliveries',
    'GET /app/hook/deliveries/{delivery_id}',
    'GET /app/installations',
    'GET /app/installations/{installation_id}',
    'GET /installation/repositories',
    'GET /meta',
    'GET /orgs/{org}/installation',
    'GET /rate_limit',
    'GET /repos/{owner}/{repo}/installation',
    'GET /user',
    'GET /user/repos',
    'GET /users/{username}',
    'GET /users/{username}/installation',
    'POST /app-manifests/{code}/conversions',
    'POST /app/hook/deliveries/{delivery_id}/attempts',
    'POST /app/installations/{installation_id}/access_tokens',
    'POST /applications/{client_id}/token',
  ]);
  expect(Object.keys(operations).filter((operation) => !operationsInScope.includes(operation))).toEqual([]);
});
