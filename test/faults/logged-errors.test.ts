import { expect, it } from 'vitest';
import { loggedErrors } from './logged-errors.ts';

it('tells errors and what is no log, each once, and lets warnings be', () => {
  const error = '{"level":50,"msg":"a unit failed","err":{"message":"no disk"}}';
  const log = ['{"level":30,"msg":"started"}', error, '{"level":40,"msg":"slow"}', error, 'Error: out of memory', ''];
  expect(loggedErrors(log.join('\n'))).toEqual([
    'the app logged 2 times: a unit failed: no disk',
    'the app logged 1 times: Error: out of memory',
  ]);
});
