/** Tables over pages: GitHub takes no body above 65,536 characters, and nobody reads a thousand lines at once. */
import { thousands } from './amounts.ts';
import { clip } from './safe-text.ts';

/** GitHub's limit on the body of an issue, a comment or a pull request. */
export const BODY_LIMIT = 65_536;
/** Counted in UTF-16 units, of which GitHub counts at most as many; the rest is room for the marker's line. */
export const PAGE_LIMIT = 65_000;
const ROWS_A_PAGE = 300;

export interface Section {
  title: string;
  /** The table's head, repeated on every page. */
  head: string;
  lines: readonly string[];
}

/** The lines of one section from `from` to before `to`, with its title and head. */
export interface Slice {
  text: string;
  to: number;
}

/** As many lines as fit into `room` and the page's 300; undefined when not even one does. */
export function slice(section: Section, from: number, room: number): Slice | undefined {
  const total = section.lines.length;
  const headRoom = sliceHead(section, total, total).length;
  let used = headRoom;
  let to = from;
  for (const line of section.lines.slice(from, from + ROWS_A_PAGE)) {
    if (used + line.length + 1 > room) break;
    used += line.length + 1;
    to += 1;
  }
  if (to === from) return undefined;
  const lines = section.lines.slice(from, to).join('\n');
  return { text: `${sliceHead(section, from, to)}\n${lines}`, to };
}

/** Further pages for what remains of the sections. */
export function furtherPages(remaining: readonly { section: Section; from: number }[]): string[] {
  return remaining.flatMap(({ section, from }) => {
    const pages: string[] = [];
    for (let next = from; next < section.lines.length; ) {
      const page = slice(section, next, PAGE_LIMIT);
      pages.push(page?.text ?? clip(section.lines[next] ?? '', PAGE_LIMIT));
      next = page?.to ?? next + 1;
    }
    return pages;
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
