import { expect, test } from 'vitest';
import { parseDispatch } from '../../../src/core/command/parse-dispatch.ts';

const flags = {
  ...{ plan: false, tag: [], match: [], repo: [], exclude: [], parallel: null },
  ...{ draft: false, again: false, preview: false },
};

test('a payload becomes the command that a comment would give', () => {
  const payload = {
    workflow: 'bump',
    inputs: { version: '2.0', major: 2, force: true },
    tag: 'platform:x',
    match: ['acme/*'],
    repo: [],
    idempotency_key: 'run-17/1',
  };
  expect(parseDispatch(payload)).toEqual({
    ok: true,
    command: {
      verb: 'submit',
      workflow: 'bump',
      inputs: { version: '2.0', major: '2', force: 'true' },
      flags: { ...flags, tag: ['platform:x'], match: ['acme/*'] },
    },
    idempotencyKey: 'run-17/1',
  });
});

test('the workflow is all that a payload needs', () => {
  expect(parseDispatch({ workflow: 'bump' })).toEqual({
    ok: true,
    command: { verb: 'submit', workflow: 'bump', inputs: {}, flags },
    idempotencyKey: null,
  });
});

test.each([
  [null, '`client_payload` is not an object'],
  ['bump', '`client_payload` is not an object'],
  [{}, '`workflow` is missing or not a text'],
  [{ workflow: 7 }, '`workflow` is missing or not a text'],
  [{ workflow: '../x' }, 'cannot be a workflow'],
  [{ workflow: 'approve' }, '`approve` is a verb'],
  [{ workflow: 'retry' }, '`retry` is a verb'],
  [{ workflow: 'bump', inputs: [] }, '`inputs` is not an object'],
  [{ workflow: 'bump', inputs: { a: null } }, 'The input `a` is not a text, number or boolean'],
  [{ workflow: 'bump', inputs: { a: ['x'] } }, 'The input `a` is not a text, number or boolean'],
  [{ workflow: 'bump', inputs: { 'A b': 'x' } }, '`A b` cannot be an input'],
  [{ workflow: 'bump', inputs: { a: 'x\ny' } }, 'control character'],
  [{ workflow: 'bump', inputs: { a: 'x'.repeat(8193) } }, '8193 bytes'],
  [{ workflow: 'bump', tag: 7 }, '`tag` is not a text or a list of texts'],
  [{ workflow: 'bump', repo: [7] }, '`repo` is not a text or a list of texts'],
  [{ workflow: 'bump', match: ' ' }, '`match` holds an empty text'],
  [{ workflow: 'bump', idempotency_key: '' }, '`idempotency_key` is not 1 to 200'],
  [{ workflow: 'bump', idempotency_key: 'x'.repeat(201) }, '`idempotency_key` is not 1 to 200'],
])('%j is refused', (payload, message) => {
  expect(parseDispatch(payload)).toEqual({
    ok: false,
    message: expect.stringContaining(message),
    hint: expect.stringMatching(/\w/),
  });
});

test('an unknown key is refused with the nearest known one', () => {
  expect(parseDispatch({ workflow: 'bump', input: {} })).toEqual({
    ok: false,
    message: '`input` is not a key of `client_payload`.',
    hint: 'Did you mean `inputs`?',
  });
});

test('an own __proto__ key is refused instead of dropped', () => {
  const payload: unknown = JSON.parse('{"workflow":"bump","inputs":{"__proto__":"x"}}');
  expect(parseDispatch(payload)).toMatchObject({ ok: false, message: "`__proto__` cannot be an input's name." });
});
