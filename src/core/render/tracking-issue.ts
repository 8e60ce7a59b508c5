/** The whole tracking issue, rendered anew from the store each time. */
import { isPublishable } from '../status.ts';
import { decideSection } from './decide-section.ts';
import { decidedSection } from './decided-section.ts';
import { diffSection } from './diff-section.ts';
import { failureSection } from './failure-section.ts';
import { historySection } from './history-section.ts';
import { issueHead, issueTitle } from './issue-head.ts';
import { nextSection } from './next-section.ts';
import { furtherPages, PAGE_LIMIT, rowsWithin, slice } from './page-layout.ts';
import { planSection } from './plan-section.ts';
import { leftOutTable, warningSection } from './remark-sections.ts';
import { clip } from './safe-text.ts';
import { cancelSection, reportSection } from './said-sections.ts';
import { taskTable } from './task-table.ts';
import { undoSection } from './undo-section.ts';
import type { TrackingIssueFacts } from './views.ts';
import { waitingSection } from './waiting-section.ts';

export interface TrackingIssue {
  /** At most 255 characters. */
  title: string;
  /** The issue's body, then a comment each; without markers, each at most 65,000 characters. */
  pages: readonly string[];
  /** null: left as people have it. */
  close: 'completed' | 'not_planned' | null;
  /** Its end had closed it, and it goes on. */
  reopen: boolean;
}

/** Of the first page, whatever stands there: what comes before and after the tables gives way, never the tables. */
const TABLES_ROOM = 40_000;
const HEAD_ROOM = 8_000;
const PLAN_ROOM = 8_000;
/** A planned fleet asks nothing else, so this is the same room. */
const WAITING_ROOM = PLAN_ROOM;
const NEXT_ROOM = 4_000;
const WARNINGS_ROOM = 4_000;
const HISTORY_ROOM = 4_000;
const FAILURES_ROOM = 16_000;
const DECIDED_ROOM = 4_000;
const UNDO_ROOM = 8_000;
const CANCELS_ROOM = 8_000;
const REPORTS_ROOM = 16_000;
/** Where the diffs of a preview stand. */
const POINTER_ROOM = 500;
/** Where the table is longer, failures and what workflows said are told before it. */
const SHORT_TABLE = 40;

const FOOT = `---\n<sub>Flotilla keeps this page up to date; what you write into it is overwritten.</sub>`;

export function renderTrackingIssue(facts: TrackingIssueFacts): TrackingIssue {
  const tables = firstTables(facts);
  const head = clip(issueHead(facts), HEAD_ROOM);
  const plan = facts.status === 'planned' ? clip(planSection(facts.fleet), PLAN_ROOM) : '';
  const waiting = facts.status === 'planned' ? '' : waitingSection(facts, WAITING_ROOM);
  const decide = decideSection(facts);
  const warnings = warningSection(facts, WARNINGS_ROOM);
  const next = clip(nextSection(facts), NEXT_ROOM);
  const history = historySection(facts, HISTORY_ROOM);
  const { tasks, pointer, leftOut } = tables;

  const fixed = [head, plan, waiting, decide, tasks, pointer, warnings, leftOut, next, history, FOOT];
  const room = PAGE_LIMIT - fixed.reduce((sum, part) => sum + part.length + 2, 0);
  const told = tellWithin(facts, room - POINTER_ROOM);
  const diffs = diffSection(
    facts,
    told.reduce((left, part) => left - part.length - 2, room),
  );
  const story = tables.long ? [...told, tasks, pointer, diffs.first] : [tasks, pointer, ...told, diffs.first];
  const parts = [head, plan, waiting, decide, ...story, warnings, leftOut, next, history, FOOT];
  const body = parts.filter((part) => part !== '').join('\n\n');
  return {
    title: issueTitle(facts),
    pages: [clip(body, PAGE_LIMIT), ...tables.further, ...diffs.pages],
    close: closing(facts),
    reopen: facts.reopened,
  };
}

/** Failures first; each section takes of the room what it needs, with the line ends before it. */
function tellWithin(facts: TrackingIssueFacts, room: number): string[] {
  const failures = failureSection(facts, Math.min(FAILURES_ROOM, room - 2));
  const afterFailures = room - failures.length - 2;
  const decided = decidedSection(facts, Math.min(DECIDED_ROOM, afterFailures - 2));
  const afterDecided = afterFailures - decided.length - 2;
  const undo = undoSection(facts, Math.min(UNDO_ROOM, afterDecided - 2));
  const afterUndo = afterDecided - undo.length - 2;
  const cancels = cancelSection(facts, Math.min(CANCELS_ROOM, afterUndo - 2));
  const reports = reportSection(facts, Math.min(REPORTS_ROOM, afterUndo - cancels.length - 4));
  return [failures, decided, undo, cancels, reports];
}

interface Tables {
  tasks: string;
  pointer: string;
  /** Empty where it has pages of its own. */
  leftOut: string;
  long: boolean;
  further: readonly string[];
}

/** What of the tables stands on the first page, and the pages for the rest. */
function firstTables(facts: TrackingIssueFacts): Tables {
  const table = taskTable(facts);
  const leftOut = leftOutTable(facts);
  const rows = rowsWithin(table, TABLES_ROOM);
  const room = TABLES_ROOM - table.lines.length * (table.longest + 1);
  const all = slice(leftOut, 0, leftOut.lines.length);
  const inline = leftOut.lines.length <= rowsWithin(leftOut, room) && all.length <= room ? all : '';
  const further = [...furtherPages(table, rows), ...(inline === '' ? furtherPages(leftOut, 0) : [])];
  return {
    tasks: slice(table, 0, rows),
    pointer: further.length === 0 ? '' : 'The list goes on in the comments below.',
    leftOut: inline,
    long: table.lines.length > SHORT_TABLE,
    further,
  };
}

/** What can still be published is left to its readers. */
function closing({ fleet, status, tasks, supersededBy }: TrackingIssueFacts): TrackingIssue['close'] {
  if (fleet.endedAt === null) return null;
  if (status === 'completed' && !tasks.some(isPublishable)) return 'completed';
  return status === 'cancelled' || supersededBy !== null ? 'not_planned' : null;
}
