import { describe, expect, test } from 'vitest';
import { filesOfNode, logFile, logName } from '../../src/core/log-files.ts';

const of = (names: readonly string[], nodeId: string, kind = 'bash', attempt = 1) =>
  filesOfNode(names, { attempt, nodeId, kind }).map(({ name }) => name);

describe('the files of a node', () => {
  test('are found again by what they were named from, in the order in which they were written', () => {
    const again = logFile(1, `${logName('work')}.2.again`, 'jsonl');
    const names = [
      logFile(1, `${logName('work', 2)}.1`, 'jsonl'),
      logFile(1, `${logName('work')}.until`, 'log'),
      logFile(1, `${logName('work')}.10`, 'jsonl'),
      again,
      logFile(1, `${logName('work')}.2`, 'jsonl'),
      logFile(2, `${logName('work')}.1`, 'jsonl'),
    ];
    expect(of(names, 'work', 'loop')).toEqual([
      '1.work.2.jsonl',
      '1.work.2.again.jsonl',
      '1.work.10.jsonl',
      '1.work.until.log',
      '1.work.try-2.1.jsonl',
    ]);
    expect(of(names, 'work', 'loop', 2)).toEqual(['2.work.1.jsonl']);
    expect(filesOfNode([again], { attempt: 1, nodeId: 'work', kind: 'loop' })).toEqual([
      { name: again, tryNumber: 1, iteration: 2, part: 'again', isTranscript: true },
    ]);
  });

  test('are not those of nodes inside of it, nor of one whose name begins as its own', () => {
    const names = ['1.fix.2.test.log', '1.fix.until.log', '1.fix-it.log', '1.fix.log', '11.fix.log'];
    expect(of(names, 'fix/2/test')).toEqual(['1.fix.2.test.log']);
    expect(of(names, 'fix', 'loop_group')).toEqual(['1.fix.until.log']);
    expect(of(names, 'fix', 'include')).toEqual([]);
    expect(of(names, 'fix')).toEqual(['1.fix.log', '1.fix.until.log']);
  });

  test('have names that file systems take, however deep a node stands, and each its own', () => {
    const deep = Array.from({ length: 40 }, (_, depth) => `group-${depth}`).join('/');
    const [one, other] = [logName(`x/${deep}`), logName(`y/${deep}`)];
    expect(one.length).toBeLessThanOrEqual(110);
    expect(one).not.toBe(other);
    expect(of([logFile(1, one, 'log')], `x/${deep}`)).toHaveLength(1);
  });
});
