/** The whole tracking issue, rendered anew from the store each time. */
import { failureSection } from './failure-section.ts';
import { issueHead, issueTitle } from './issue-head.ts';
import { nextSection } from './next-section.ts';
import { furtherPages, PAGE_LIMIT, type Section, type Slice, slice } from './page-layout.ts';
import { planSection } from './plan-section.ts';
import { leftOutTable, warningSection } from './remark-sections.ts';
import { clip } from './safe-text.ts';
import { taskTable } from './task-table.ts';
import type { TrackingIssueFacts } from './views.ts';

export interface TrackingIssue {
  /** At most 255 characters. */
  title: string;
  /** The issue's body, then a comment each; without markers, each at most 65,000 characters. */
  pages: readonly string[];
  /** null: left as people have it. */
  close: 'completed' | 'not_planned' | null;
}

const FAILURES_ROOM = 16_000;
const WARNINGS_ROOM = 4_000;
/** Where the table is longer, failures are told before it. */
const SHORT_TABLE = 40;

export function renderTrackingIssue(facts: TrackingIssueFacts): TrackingIssue {
  const table = taskTable(facts);
  const leftOut = leftOutTable(facts);
  const head = clip(issueHead(facts), 8_000);
  const plan = facts.status === 'planned' ? clip(planSection(facts.fleet), 8_000) : '';
  const failures = failureSection(facts, FAILURES_ROOM);
  const warnings = warningSection(facts, WARNINGS_ROOM);
  const next = clip(nextSection(facts.fleet, facts.status), 4_000);
  const foot = `---\n<sub>Flotilla keeps this page up to date; what you write into it is overwritten.</sub>`;

  const fixed = [head, plan, failures, warnings, next, foot];
  const room = PAGE_LIMIT - fixed.reduce((sum, part) => sum + part.length + 2, 0) - 200;
  const rows = slice(table, 0, room);
  const rest =
    rows !== undefined && rows.to === table.lines.length ? wholly(leftOut, room - rows.text.length - 2) : undefined;
  const remaining = [
    { section: table, from: rows?.to ?? 0 },
    { section: leftOut, from: rest?.to ?? 0 },
  ];
  const more = furtherPages(remaining);
  const pointer = more.length === 0 ? '' : `The list goes on in the comments below.`;
  const rowsAndPointer = [rows?.text ?? '', pointer];
  const story = table.lines.length > SHORT_TABLE ? [failures, ...rowsAndPointer] : [...rowsAndPointer, failures];
  const body = [head, plan, ...story, warnings, rest?.text ?? '', next, foot]
    .filter((part) => part !== '')
    .join('\n\n');
  return { title: issueTitle(facts), pages: [body, ...more], close: closing(facts) };
}

/** The section if all of it fits. */
function wholly(section: Section, room: number): Slice | undefined {
  const all = slice(section, 0, room);
  return all?.to === section.lines.length ? all : undefined;
}

function closing({ fleet, status, supersededBy }: TrackingIssueFacts): TrackingIssue['close'] {
  if (fleet.endedAt === null) return null;
  if (status === 'completed') return 'completed';
  return status === 'cancelled' || supersededBy !== null ? 'not_planned' : null;
}
