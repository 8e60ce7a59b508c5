/** When a tracking issue is written again: often while people watch, seldom later, at once when it matters. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const HOUR = 60 * MINUTE;
/** Of a fleet's tracking issue: its body and its comments, each edit counted. */
export const EDITS_AN_HOUR = 60;
/** The rest is for the moments that people wait for. */
const REGULAR_EDITS_AN_HOUR = 55;
/** Many repositories come to ask the same within moments: they are told together. */
const QUESTIONS_APART = 15 * SECOND;
/** Of an hour; later ones wait for news, or for the hour to end: who edits again and again must not use up edits that all share. */
const PUT_BACKS_AT_ONCE = 3;

/** Times are epoch milliseconds. */
export interface ReportFacts {
  /** Work began: the last retry, pause or resume, else the approval, or the request while it waits for one. */
  since: number;
  /** When the issue was last written; null: never. */
  reportedAt: number | null;
  /** Something happened that the issue does not tell yet. */
  behind: boolean;
  /** The latest moment that people wait for: planned, approved, held, let go on, paused, resumed, retried, cancelled, ended. */
  momentAt: number;
  /** When a person was last asked for a decision; 0: never. */
  askedAt: number;
  /** Of every edit of the last hour, oldest first. */
  edits: readonly number[];
  /** Somebody else edited the text, which is to be put back. */
  foreign: boolean;
  /** Of those edits, the ones that put it back. */
  putBacks: readonly number[];
  /** All that the issue does not tell yet is that it was edited. */
  onlyEdited: boolean;
}

/** When to write next; Infinity when there is nothing to tell. */
export function reportDue(facts: ReportFacts, now: number): number {
  const { since, reportedAt, behind, momentAt, askedAt, edits, foreign } = facts;
  if (!behind) return Number.POSITIVE_INFINITY;
  if (reportedAt === null) return now;
  if (momentAt >= reportedAt) return Math.max(now, editOpens(edits, EDITS_AN_HOUR));
  // A report of many pages takes the turns of as many reports.
  const turns = Math.max(1, edits.filter((at) => at >= reportedAt).length);
  const news = Math.max(reportedAt + turns * interval(reportedAt - since), editOpens(edits, REGULAR_EDITS_AN_HOUR));
  const regular = foreign ? putBackDue(facts, news, now) : news;
  if (askedAt < reportedAt) return regular;
  return Math.min(regular, Math.max(reportedAt + QUESTIONS_APART, now, editOpens(edits, EDITS_AN_HOUR)));
}

/** At once; once the hour's are used up with the news, and an edit alone is none. */
function putBackDue({ putBacks, edits, onlyEdited }: ReportFacts, news: number, now: number): number {
  const recent = putBacks.filter((at) => at > now - HOUR);
  const filling = recent[recent.length - PUT_BACKS_AT_ONCE];
  if (filling === undefined) return Math.min(news, Math.max(now, editOpens(edits, REGULAR_EDITS_AN_HOUR)));
  return onlyEdited ? Math.max(news, filling + HOUR) : news;
}

/** How many more edits the hour before `now` allows. */
export function editsLeft(edits: readonly number[], now: number): number {
  return EDITS_AN_HOUR - edits.filter((at) => at > now - HOUR).length;
}

/** When the edit that fills the hour leaves it; 0 when it is not full. */
function editOpens(edits: readonly number[], capacity: number): number {
  const filling = edits[edits.length - capacity];
  return filling === undefined ? 0 : filling + HOUR;
}

function interval(age: number): number {
  if (age < MINUTE) return 5 * SECOND;
  if (age < 10 * MINUTE) return 30 * SECOND;
  return 2 * MINUTE;
}
