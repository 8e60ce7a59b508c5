/** When a tracking issue is written again: often while people watch, seldom later, at once when it matters. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Times are epoch milliseconds. */
export interface ReportFacts {
  /** Work began: the approval, or the request while it waits for one. */
  since: number;
  /** When the issue was last written; null: never. */
  reportedAt: number | null;
  /** Something happened that the issue does not tell yet. */
  behind: boolean;
  /**
   * The latest moment that people wait for: planned, approved, waiting, cancelled, ended. Each kind comes a few times in
   * a fleet's life; the regular steps take 55 of the 60 reports that an hour may have.
   */
  momentAt: number;
}

/** When to write next; Infinity when there is nothing to tell. */
export function reportDue(facts: ReportFacts, now: number): number {
  if (!facts.behind) return Number.POSITIVE_INFINITY;
  if (facts.reportedAt === null || facts.momentAt >= facts.reportedAt) return now;
  return facts.reportedAt + interval(facts.reportedAt - facts.since);
}

function interval(age: number): number {
  if (age < MINUTE) return 5 * SECOND;
  if (age < 10 * MINUTE) return 30 * SECOND;
  return 2 * MINUTE;
}
