import { describe, expect, it } from 'vitest';
import { afterOpening, nextStep, type RolloutTask } from '../../../src/core/rollout/next-step.ts';
import type { Rollout } from '../../../src/core/workflow/types.ts';

const STATUSES = {
  p: 'queued',
  q: 'queued',
  r: 'running',
  w: 'waiting',
  c: 'completed',
  f: 'failed',
  t: 'timed_out',
  x: 'cancelled',
} as const;

/** `cc|qq`: a letter a task, waves apart; what has ended did so at 100, or at 200 with a capital letter; `p` is queued and has begun. */
function tasksOf(text: string): RolloutTask[] {
  return text.split('|').flatMap((letters, wave) =>
    [...letters].map((letter) => {
      const status = Object.entries(STATUSES).find(([known]) => known === letter.toLowerCase())?.[1];
      if (status === undefined) throw new Error(letter);
      const ended = !['queued', 'running', 'waiting'].includes(status);
      return {
        wave,
        status,
        endedAt: ended ? (letter === letter.toLowerCase() ? 100 : 200) : null,
        begun: letter === 'p',
      };
    }),
  );
}

type Policy = Pick<Rollout, 'canary' | 'haltOnFailure' | 'approve'>;
const policy = (change: Partial<Policy>): Policy => ({ canary: null, haltOnFailure: null, approve: 'none', ...change });
const step = (change: Partial<Policy>, tasks: string, wave = 0, haltsSince = 0) =>
  nextStep(policy(change), { wave, haltsSince }, tasksOf(tasks));

describe('after a task has ended', () => {
  it('the next wave is released when all of the last one have ended, however they did', () => {
    expect(step({}, 'cr|qq')).toEqual({ step: 'none' });
    expect(step({}, 'cw|qq')).toEqual({ step: 'none' });
    expect(step({}, 'cf|qq')).toEqual({ step: 'release', wave: 1 });
    expect(step({}, 'cx|cc|q', 1)).toEqual({ step: 'release', wave: 2 });
    expect(step({}, 'cf|cc', 1)).toEqual({ step: 'none' });
  });

  it('a person is asked before the next wave, after the canary or after each', () => {
    const asks = { step: 'close', gate: 'wave' };
    expect(step({ approve: 'canary' }, 'c|cq')).toEqual(asks);
    expect(step({ approve: 'canary' }, 'c|cc|q', 1)).toEqual({ step: 'release', wave: 2 });
    expect(step({ approve: 'each' }, 'c|cc|q', 1)).toEqual(asks);
    expect(step({ approve: 'each' }, 'c|cc', 1)).toEqual({ step: 'none' });
  });

  it('too many failures halt the fleet while something is left to start: by number, of the wave, of the fleet', () => {
    expect(step({ haltOnFailure: { count: 2 } }, 'frrqq')).toEqual({ step: 'none' });
    expect(step({ haltOnFailure: { count: 2 } }, 'ftrqq')).toMatchObject({ gate: 'halted', failed: 2, of: 5 });
    expect(step({ haltOnFailure: { percent: 20 } }, 'f|qqqqqqqqq')).toMatchObject({ gate: 'halted', failed: 1, of: 1 });
    expect(step({ haltOnFailure: { percent: 20 } }, 'ccccccccf|qqqqqq')).toEqual({ step: 'release', wave: 1 });
    const fleet = step({ haltOnFailure: { percent: 20 } }, 'fccccc|fccccc|qqqq', 1);
    expect(fleet).toEqual({ step: 'release', wave: 2 });
    expect(step({ haltOnFailure: { percent: 20 } }, 'ccf|cccccf|q', 1)).toMatchObject({ failed: 2, of: 10 });
    expect(step({ haltOnFailure: { percent: 20 } }, 'cf|ff', 1)).toEqual({ step: 'none' });
    expect(step({ haltOnFailure: { count: 1 } }, 'cx|q')).toEqual({ step: 'release', wave: 1 });
  });

  it('a wave of which nothing is left is passed over', () => {
    expect(step({}, 'c|f|qq')).toEqual({ step: 'release', wave: 2 });
    expect(step({}, 'c|ff')).toEqual({ step: 'none' });
    expect(step({ approve: 'each' }, 'c|fx')).toEqual({ step: 'none' });
  });

  it('nobody is asked to let go on what no gate holds', () => {
    expect(step({ haltOnFailure: { count: 1 } }, 'fp')).toEqual({ step: 'none' });
    expect(step({ haltOnFailure: { count: 1 } }, 'fpq')).toMatchObject({ gate: 'halted' });
  });

  it('failures that somebody has looked at do not halt it again', () => {
    expect(step({ haltOnFailure: { count: 1 } }, 'fcq', 0, 150)).toEqual({ step: 'none' });
    expect(step({ haltOnFailure: { count: 1 } }, 'fFq', 0, 150)).toMatchObject({ gate: 'halted', failed: 1 });
  });
});

describe('after the gate was opened', () => {
  it('the next wave follows one that is over, and nothing one that is not', () => {
    const opened = (tasks: string, wave = 0) => afterOpening({ wave }, tasksOf(tasks));
    expect(opened('f|qq')).toEqual({ step: 'release', wave: 1 });
    expect(opened('fq|qq')).toEqual({ step: 'none' });
    expect(opened('ff')).toEqual({ step: 'none' });
    expect(opened('c|f|q')).toEqual({ step: 'release', wave: 2 });
    expect(opened('c|f')).toEqual({ step: 'none' });
  });
});
