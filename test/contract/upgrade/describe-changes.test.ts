import { expect, test } from 'vitest';
import type { Change } from './contract-change.ts';
import { describeChange, printFindings } from './describe-changes.ts';

const change: Change = {
  weight: 'widens',
  kind: 'new, optional',
  subject: 'field `issue_field_values`',
  component: undefined,
  pointer: '#/paths/~1x',
  before: undefined,
  now: undefined,
  requests: ['PATCH /x'],
  answers: [],
};

test('a change of one operation is told with the operation, its side and the pointer', () => {
  expect(describeChange(change)).toEqual({
    weight: 'widens',
    text: 'PATCH /x (request): new field `issue_field_values`, optional — #/paths/~1x',
  });
});

test('a change of many is told with the component, counts and a few names', () => {
  const many = {
    ...change,
    component: 'components/schemas/user',
    answers: ['GET /a', 'GET /b', 'GET /c', 'webhook issues-opened', 'webhook push'],
  };
  expect(describeChange(many).text).toBe(
    'components/schemas/user (requests of PATCH /x; answers of 3 operations and 2 webhooks, e.g. GET /a, GET /b, webhook issues-opened): new field `issue_field_values`, optional — #/paths/~1x',
  );
});

test('findings are printed worst first, with counts in the last line', () => {
  const lines = printFindings([
    { weight: 'widens', text: 'one' },
    { weight: 'breaks answers', text: 'two' },
    { weight: 'widens', text: 'three' },
  ]);
  expect(lines).toEqual([
    'breaks answers: what we receive may be other than what we read',
    '  two',
    '',
    'widens: nothing that we send or read stops working',
    '  one',
    '  three',
    '',
    '3 changes: 1 breaks answers, 2 widens.',
  ]);
});

test('without findings there is one line', () => {
  expect(printFindings([])).toEqual(['Nothing changed.']);
});
