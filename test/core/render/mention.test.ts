import { expect, test } from 'vitest';
import { mentionOf, waitingComment } from '../../../src/core/render/mention.ts';

const asked = { notify: { mention: true, webhook: null } };
const of = (login: string, plan = asked) => mentionOf({ plan, runAs: { id: 1, login } });

test('the person on whose permission a fleet runs is mentioned, where somebody asked for that', () => {
  expect(of('mona')).toBe('@mona');
  expect(of('mona_acme')).toBe('@mona_acme');
  expect(of('mona', { notify: { mention: false, webhook: null } })).toBe('');
});

test.each(['github-actions[bot]', 'mona @octocat', '', 'acme/everybody'])('%j is nobody to mention', (login) => {
  expect(of(login)).toBe('');
});

test.each([
  ['plan', 'the plan for 8 repositories waits for approval'],
  ['wave', 'its next wave needs approval'],
  ['halted', 'too many of its repositories failed'],
  ['approvals', 'waits for decisions'],
] as const)('a fleet that waits for %s says so', (why, said) => {
  const comment = waitingComment('@mona', { kind: 'waiting', seq: 1, why }, 8);
  expect(comment).toMatch(/^@mona the /);
  expect(comment).toContain(said);
});
