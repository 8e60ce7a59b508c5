import { expect, test } from 'vitest';
import { editsLeft, reportDue } from '../../src/core/cadence.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const quiet = { foreign: false, putBacks: [], onlyEdited: false };
const facts = { since: 0, reportedAt: 0, behind: true, momentAt: 0, askedAt: 0, edits: [], ...quiet };

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

test('a question is told at once, and what is asked within moments together', () => {
  const asked = (reportedAt: number, now: number) => reportDue({ ...facts, reportedAt, askedAt: now }, now);
  expect(asked(30 * MINUTE, 31 * MINUTE)).toBe(31 * MINUTE);
  expect(asked(30 * MINUTE, 30 * MINUTE + 3 * SECOND)).toBe(30 * MINUTE + 15 * SECOND);
  expect(asked(20 * SECOND, 21 * SECOND)).toBe(25 * SECOND);
  expect(reportDue({ ...facts, reportedAt: 30 * MINUTE, askedAt: 29 * MINUTE }, 31 * MINUTE)).toBe(32 * MINUTE);
});

test('40 repositories that come to ask within a minute cost few edits', () => {
  const edits: number[] = [];
  let reportedAt = 30 * MINUTE;
  for (let now = reportedAt + SECOND; now <= 33 * MINUTE; now += SECOND) {
    const askedAt = Math.min(now, 31 * MINUTE);
    if (askedAt < reportedAt || reportDue({ ...facts, reportedAt, askedAt, edits }, now) > now) continue;
    edits.push(now);
    reportedAt = now;
  }
  expect(edits.length).toBeLessThanOrEqual(5);
});

const most = (times: readonly number[]): number =>
  Math.max(...times.map((end) => times.filter((at) => at > end - HOUR && at <= end).length));

/** As the reporter does, for as long as `until`: each report edits as many pages as the hour has left. */
function reportAll(until: number, moments: readonly number[], changedPages: number): number[] {
  const edits: number[] = [];
  let reportedAt: number | null = null;
  for (let now = 0; now < until; now += SECOND) {
    const momentAt = moments.findLast((at) => at <= now) ?? 0;
    const within = edits.filter((at) => at > now - HOUR);
    if (reportDue({ ...facts, reportedAt, momentAt, edits: within }, now) > now) continue;
    const pages = reportedAt === null ? 0 : Math.max(1, Math.min(changedPages, editsLeft(within, now)));
    edits.push(...Array.from({ length: pages }, () => now));
    reportedAt = now;
  }
  return edits;
}

test.each([1, 2, 3, 14, 100])('no hour has more than 60 edits, even with every moment in it: %i pages', (pages) => {
  const moments = [10, 20, 30, 40, 59, 61, 80].map((minute) => minute * MINUTE);
  const edits = reportAll(3 * HOUR, moments, pages);
  expect(edits.length).toBeGreaterThan(80);
  expect(most(edits)).toBeLessThanOrEqual(60);
});

test('a report of three pages takes the turns of three', () => {
  const edits = [30 * MINUTE, 30 * MINUTE + 1, 30 * MINUTE + 2];
  expect(reportDue({ ...facts, reportedAt: 30 * MINUTE, edits }, 31 * MINUTE)).toBe(36 * MINUTE);
});

test('what people wait for is told at once when the regular reports have used up their part of the hour', () => {
  const edits = Array.from({ length: 55 }, (_, index) => index * MINUTE);
  const now = 56 * MINUTE;
  expect(reportDue({ ...facts, reportedAt: 54 * MINUTE, edits }, now)).toBe(HOUR);
  expect(reportDue({ ...facts, reportedAt: 54 * MINUTE, momentAt: now, edits }, now)).toBe(now);
  const full = [...edits, ...Array.from({ length: 5 }, () => now)];
  expect(reportDue({ ...facts, reportedAt: now, momentAt: now, edits: full }, now)).toBe(HOUR);
});

test('what somebody else wrote is put back at once, and of somebody who goes on with the news', () => {
  const foreign = { ...facts, reportedAt: 30 * MINUTE, foreign: true };
  expect(reportDue(foreign, 31 * MINUTE)).toBe(31 * MINUTE);
  const putBacks = [29 * MINUTE, 30 * MINUTE, 31 * MINUTE];
  const again = { ...foreign, reportedAt: 31 * MINUTE, putBacks };
  expect(reportDue(again, 31.1 * MINUTE)).toBe(33 * MINUTE);
  expect(reportDue({ ...again, putBacks: putBacks.map((at) => at - HOUR) }, 31.1 * MINUTE)).toBe(31.1 * MINUTE);
});

test('somebody who edits all the time, while nothing else happens, has it put back three times an hour', () => {
  const putBacks: number[] = [];
  let reportedAt = HOUR;
  for (let now = HOUR + SECOND; now < 3 * HOUR; now += SECOND) {
    const edited = { ...facts, reportedAt, foreign: true, onlyEdited: true, putBacks, edits: putBacks };
    if (reportDue(edited, now) > now) continue;
    putBacks.push(now);
    reportedAt = now;
  }
  expect(putBacks).toHaveLength(6);
  expect(most(putBacks)).toBe(3);
});

test('somebody who edits all the time while things happen leaves half of the edits to what happens', () => {
  const putBacks: number[] = [];
  let reportedAt = HOUR;
  for (let now = HOUR + SECOND; now < 2 * HOUR; now += SECOND) {
    if (reportDue({ ...facts, reportedAt, foreign: true, putBacks, edits: putBacks }, now) > now) continue;
    putBacks.push(now);
    reportedAt = now;
  }
  expect(putBacks.length).toBeLessThan(35);
});
