/** The diffs of a preview, for people who decide whether they are published. */
import { statOf } from '../patch.ts';
import { plural, repositories, thousands } from './amounts.ts';
import { boundedList } from './bounded-list.ts';
import { repositoryLink } from './links.ts';
import { PAGE_LIMIT } from './page-layout.ts';
import { fenced, plainLine, quietMarkdown } from './safe-text.ts';
import { statText } from './stat-text.ts';
import type { PatchView, TrackingIssueFacts } from './views.ts';

/** More is read by nobody, and each page that changes is an edit. */
export const DIFF_PAGES = 20;
const INLINE_ROOM = 24_000;
/** Title and line ends. */
const TITLE_ROOM = 100;
const NAMED_IN_SUMMARY = 3;
const LINKED = 20;
const FILES_LISTED = 60;
const PATH_ROOM = 150;

export interface DiffSection {
  /** On the first page: the diffs, or where they stand; empty without any. At most `room` UTF-16 units. */
  first: string;
  /** Where they did not fit there. */
  pages: readonly string[];
}

export function diffSection(facts: TrackingIssueFacts, room: number): DiffSection {
  const { shown, unread } = facts.patches;
  if (shown.length === 0) return { first: '', pages: [] };
  const items = shown.map((patch) => item(patch, facts));
  const inline = `### Diffs (${thousands(shown.length)})\n\n${items.join('\n\n')}`;
  if (unread === 0 && inline.length <= Math.min(room, INLINE_ROOM)) return { first: inline, pages: [] };

  const packed = pack(items);
  const told = packed.reduce((sum, { length }) => sum + length, 0);
  const left = shown.slice(told).reduce((sum, { taskIds }) => sum + taskIds.length, unread);
  return { first: pointer(shown.length, left), pages: pagesOf(packed) };
}

function pointer(count: number, left: number): string {
  const where = `### Diffs\n\n${plural(count, 'different diff stands', 'different diffs stand')} in the comments below.`;
  if (left === 0) return where;
  return `${where} Those of ${repositories(left)} are too many to be shown; the table tells how large each is, and \`/fleet publish\` pushes them too.`;
}

/** In order, as many on each page as fit. */
function pack(items: readonly string[]): string[][] {
  const pages: string[][] = [];
  let room = 0;
  for (const text of items) {
    if (text.length + 2 > room) {
      if (pages.length === DIFF_PAGES) break;
      pages.push([]);
      room = PAGE_LIMIT - TITLE_ROOM;
    }
    pages.at(-1)?.push(text);
    room -= text.length + 2;
  }
  return pages;
}

function pagesOf(packed: readonly (readonly string[])[]): string[] {
  let from = 1;
  return packed.map((items) => {
    const to = from + items.length - 1;
    const numbers = from === to ? thousands(from) : `${thousands(from)}–${thousands(to)}`;
    from = to + 1;
    return `### Diffs, ${numbers}\n\n${items.join('\n\n')}`;
  });
}

function item({ taskIds, files, diff, truncated }: PatchView, { tasks, webUrl }: TrackingIssueFacts): string {
  const names = new Map(tasks.map(({ id, repository }) => [id, repository]));
  const all = taskIds.flatMap((id) => names.get(id) ?? []);
  const summary = `${boundedList(all.slice(0, NAMED_IN_SUMMARY), all.length)}: ${statText(statOf(files))}`;
  const links = all.slice(0, LINKED).map((repository) => repositoryLink(repository, webUrl));
  const parts = [
    `<details><summary>${htmlText(summary)}</summary>`,
    all.length > 1 ? `The same in ${boundedList(links, all.length)}.` : '',
    ...(truncated ? [`The diff is too long to be shown whole. Files:`, fileList(files), 'It begins:'] : []),
    fenced(diff, 'diff'),
    '</details>',
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function fileList(files: PatchView['files']): string {
  const lines = files.slice(0, FILES_LISTED).map(({ path, added, deleted }) => {
    const stat = added === null || deleted === null ? 'binary' : `+${thousands(added)} −${thousands(deleted)}`;
    return `${plainLine(path, PATH_ROOM)} | ${stat}`;
  });
  return fenced([...lines, ...(files.length > lines.length ? ['…'] : [])].join('\n'));
}

/** Where a line begins with a tag, Markdown is not read, but mentions are. */
const htmlText = (text: string): string =>
  quietMarkdown(plainLine(text, 1_000).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
