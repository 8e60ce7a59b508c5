import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appOperations, coverageFaults } from './app-operations.ts';
import { compareWithApp, gitUses } from './compare-with-app.ts';
import { REPORT_FILE, readPermissionFacts, renderReport } from './permissions-report.ts';

const facts = readPermissionFacts();

test('docs/github-permissions.md is what `npm run contract:report` writes', () => {
  expect(readFileSync(REPORT_FILE, 'utf8')).toBe(renderReport(facts));
});

test('app.yml asks for what the operations need, no more and no less', () => {
  expect(compareWithApp(facts.granted, facts.uses)).toEqual({ missing: [], superfluous: [] });
});

test.each(Object.keys(facts.granted))('an app without %s would be told what it can no longer do', (permission) => {
  const { [permission]: _, ...others } = facts.granted;
  expect(compareWithApp(others, facts.uses).missing).not.toEqual([]);
});

test('a permission that nothing uses, or of which less is enough, is superfluous', () => {
  const more = { ...facts.granted, administration: 'read', metadata: 'write' } as const;
  expect(compareWithApp(more, facts.uses).superfluous).toEqual([
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
    return !text.includes(`('${name}',`) && !text.includes(`("${name}",`);
  });
  expect(absent).toEqual([]);
});

test('an operation that is not in the list, and one that its test no longer uses, are faults', () => {
  const [listed] = appOperations;
  if (listed === undefined) throw new Error('The list is empty.');
  const { file, test: name, operation } = listed;
  expect(coverageFaults(file, name, new Set([operation]))).toEqual([]);
  expect(coverageFaults('test/x.test.ts', 'x', new Set(['GET /gists']))).toEqual([
    'The app uses GET /gists, which is not in test/contract/permissions/app-operations.ts.',
  ]);
  expect(coverageFaults(file, name, new Set())).toEqual([
    `test/contract/permissions/app-operations.ts says that the app uses ${operation} here.`,
  ]);
});
