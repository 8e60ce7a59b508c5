import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readKeptDescription } from '../kept/read-kept.ts';
import { appOperations, missedFaults, unlistedFaults } from './app-operations.ts';
import { compareWithApp, gitUses, type Use } from './compare-with-app.ts';
import { REPORT_FILE, readPermissionFacts, renderReport } from './permissions-report.ts';

const facts = readPermissionFacts();

test('docs/github-permissions.md is what `npm run contract:report` writes', () => {
  expect(readFileSync(REPORT_FILE, 'utf8')).toBe(renderReport(facts));
});

test('app.yml asks for what the operations need, no more and no less', () => {
  expect(compareWithApp(facts.granted, facts.uses)).toEqual({ missing: [], superfluous: [] });
});

test('a permission that nothing uses, or of which less is enough, is superfluous', () => {
  const uses: Use[] = [
    { what: 'GET /repos', oneOf: [{ permission: 'metadata', access: 'read' }] },
    { what: 'POST /issues', oneOf: [{ permission: 'issues', access: 'write' }] },
  ];
  expect(compareWithApp({ metadata: 'read', issues: 'write' }, uses).superfluous).toEqual([]);
  expect(compareWithApp({ metadata: 'write', issues: 'write', administration: 'read' }, uses).superfluous).toEqual([
    { permission: 'metadata', access: 'write' },
    { permission: 'administration', access: 'read' },
  ]);
});

test('one of several permissions is enough, and an operation that needs none never misses one', () => {
  const either = {
    what: 'POST /comment',
    oneOf: [
      { permission: 'issues', access: 'write' },
      { permission: 'pull_requests', access: 'write' },
    ],
  } as const;
  const uses = [either, { what: 'GET /app', oneOf: [] }];
  expect(compareWithApp({ pull_requests: 'write' }, uses).missing).toEqual([]);
  expect(compareWithApp({ pull_requests: 'read' }, uses).missing).toEqual([either]);
  expect(compareWithApp({ contents: 'read' }, gitUses).missing.map(({ what }) => what)).toEqual(['git push']);
});

test('every operation stands in the list once, and names a test that exists', () => {
  const operations = appOperations.map(({ operation }) => operation);
  expect(operations).toEqual([...new Set(operations)].toSorted());
  const absent = appOperations.filter(({ file, test: name }) => {
    const text = readFileSync(join(import.meta.dirname, '..', '..', '..', file), 'utf8');
    // Without `.skip` and `.todo`.
    return !["test('", 'test("', "it('", 'it("'].some((begin) => text.includes(`${begin}${name}${begin.at(-1)},`));
  });
  expect(absent).toEqual([]);
});

test('every operation in the list is in the kept description', () => {
  const { paths } = readKeptDescription();
  const rest = appOperations.map(({ operation }) => operation).filter((operation) => operation !== 'POST /graphql');
  const unknown = rest.filter((operation) => {
    const [method = '', path = ''] = operation.split(' ');
    return paths[path]?.[method.toLowerCase()] === undefined;
  });
  expect(unknown, 'npm run contract:rebuild cuts the description anew').toEqual([]);
});

test('an operation that is not in the list, and one that its test no longer uses, are faults', () => {
  const [listed] = appOperations;
  if (listed === undefined) throw new Error('The list is empty.');
  const { file, test: name, operation } = listed;
  expect(missedFaults(file, name, new Set([operation]))).toEqual([]);
  expect(unlistedFaults([operation, 'GET /gists'])).toEqual([
    expect.stringMatching(/^The app uses GET \/gists, which .*list/),
  ]);
  expect(missedFaults(file, name, new Set())).toEqual([
    expect.stringMatching(
      `says that the app uses ${operation.replaceAll(/[{}]/g, '.')} in this test, and it no longer`,
    ),
  ]);
});
