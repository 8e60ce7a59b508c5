import { describe, expect, it } from 'vitest';
import type { Armed } from './armed.ts';
import { createKillPlan } from './kill-plan.ts';
import type { AppProcess } from './processes.ts';
import { ALL } from './scenarios.ts';
import type { Kill } from './schedule.ts';

const KEPT: Kill = { kind: 'random', phase: 'asked' };
const EARLY: Kill = { kind: 'random', phase: 'start', delayMs: 10 };
const POINT: Armed = { point: 'reaction', side: 'after', occurrence: 1 };
const HOUR_MS = 3_600_000;

/** A process that runs for so long that every kill at a random moment is due. */
function planOf(kills: Kill[], death?: Armed) {
  const [scenario] = ALL.filter(({ name }) => name === 'asks');
  if (scenario === undefined) throw new Error('There is no such scenario.');
  let signals = 0;
  const process: AppProcess = {
    startedAt: performance.now() - HOUR_MS,
    ended: Promise.resolve({ code: null, signal: 'SIGKILL' }),
    running: () => true,
    answers: async () => true,
    kill() {
      signals += 1;
    },
    stop: async () => ({ code: 0, signal: null }),
  };
  const world = { startApp: () => process, arm: () => undefined, death: () => death };
  const plan = createKillPlan(world, { scenario, version: 1, kills });
  return { plan, app: plan.startApp(), signals: () => signals };
}

describe('a kill that is kept for when every task waits for a person', () => {
  it('is not spent at another moment', () => {
    const { plan, app, signals } = planOf([KEPT, EARLY]);
    plan.killInTime(app);
    expect(plan.count()).toBe(true);
    expect(plan.made).toEqual([EARLY]);
    plan.killInTime(plan.startApp());
    expect(signals()).toBe(1);
    expect(plan.left()).toEqual([KEPT]);
  });

  it('comes once', () => {
    const { plan, app } = planOf([EARLY, KEPT]);
    expect(plan.killAsked(app)).toBe(true);
    expect(plan.count()).toBe(true);
    expect(plan.made).toEqual([KEPT]);
    expect(plan.killAsked(plan.startApp())).toBe(false);
  });

  it('is left where the process died at a point just then', () => {
    const { plan, app } = planOf([{ kind: 'point', ...POINT }, KEPT], POINT);
    plan.killAsked(app);
    expect(plan.count()).toBe(true);
    expect(plan.left()).toEqual([KEPT]);
  });
});

it('a SIGKILL that nobody planned counts as none', () => {
  const { plan } = planOf([EARLY, KEPT]);
  expect(plan.count()).toBe(false);
});
