/** Tables over pages: GitHub takes no body above 65,536 characters, and nobody reads a thousand lines at once. */
import { thousands } from './amounts.ts';
import { clip } from './safe-text.ts';

/** GitHub's limit on the body of an issue, a comment or a pull request. */
export const BODY_LIMIT = 65_536;
/** Counted in UTF-16 units, of which GitHub counts at most as many; the rest is room for the marker's line. */
export const PAGE_LIMIT = 65_000;
const ROWS_A_PAGE = 300;
/** A section's title with its numbers, and the line ends around it. */
const TITLE_ROOM = 100;

/**
 * Where its pages begin and end depends on the number and the longest of its lines alone, and neither may change while
 * a fleet runs: a boundary that moved would change every page after it, and each costs an edit.
 */
export interface Section {
  title: string;
  /** The table's head, repeated on every page. */
  head: string;
  lines: readonly string[];
  /** UTF-16 units that no line ever exceeds, whatever happens to what it tells. */
  longest: number;
}

/** As many lines as fit into `room` when all are the longest; 300 at most. */
export function rowsWithin(section: Section, room: number): number {
  const rows = Math.floor((room - section.head.length - TITLE_ROOM) / (section.longest + 1));
  return Math.max(1, Math.min(rows, ROWS_A_PAGE));
}

/** The lines from `from` to before `to`, with title and head; empty without any. */
export function slice(section: Section, from: number, to: number): string {
  const lines = section.lines.slice(from, to);
  return lines.length === 0 ? '' : `${sliceHead(section, from, from + lines.length)}\n${lines.join('\n')}`;
}

/** Pages for the lines from `from` on. */
export function furtherPages(section: Section, from: number): string[] {
  const rows = rowsWithin(section, PAGE_LIMIT);
  const pages = Math.ceil(Math.max(0, section.lines.length - from) / rows);
  return Array.from({ length: pages }, (_, page) => {
    const first = from + page * rows;
    return clip(slice(section, first, first + rows), PAGE_LIMIT);
  });
}

function sliceHead(section: Section, from: number, to: number): string {
  const total = section.lines.length;
  const part =
    from === 0 && to === total
      ? `(${thousands(total)})`
      : `${thousands(from + 1)}–${thousands(to)} of ${thousands(total)}`;
  return `### ${section.title} ${part}\n\n${section.head}`;
}
