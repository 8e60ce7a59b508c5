import { expect, test } from 'vitest';
import { reportDue } from '../../src/core/cadence.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const facts = { since: 0, reportedAt: 0, behind: true, momentAt: 0 };

test('the first report is due at once, and nothing is due when nothing happened', () => {
  expect(reportDue({ ...facts, reportedAt: null }, 5)).toBe(5);
  expect(reportDue({ ...facts, behind: false }, 5)).toBe(Number.POSITIVE_INFINITY);
});

test('reports follow every 5 s, then every 30 s, then every 2 minutes', () => {
  expect(reportDue({ ...facts, reportedAt: 20 * SECOND }, 21 * SECOND)).toBe(25 * SECOND);
  expect(reportDue({ ...facts, reportedAt: 2 * MINUTE }, 2 * MINUTE)).toBe(2.5 * MINUTE);
  expect(reportDue({ ...facts, reportedAt: 30 * MINUTE }, 30 * MINUTE)).toBe(32 * MINUTE);
});

test('what people wait for is told at once', () => {
  expect(reportDue({ ...facts, reportedAt: 30 * MINUTE, momentAt: 30 * MINUTE + 1 }, 30 * MINUTE + 1)).toBe(
    30 * MINUTE + 1,
  );
});

test('no hour has more than 60 reports, even with every moment in it', () => {
  const moments = [10 * MINUTE, 20 * MINUTE, 30 * MINUTE, 40 * MINUTE];
  const reports: number[] = [];
  for (let now = 0; now < 60 * MINUTE; now += SECOND) {
    const reportedAt = reports.at(-1) ?? null;
    const momentAt = moments.findLast((at) => at <= now) ?? 0;
    if (reportDue({ since: 0, reportedAt, behind: true, momentAt }, now) <= now) reports.push(now);
  }
  expect(reports.length).toBeGreaterThan(50);
  expect(reports.length).toBeLessThanOrEqual(60);
});
