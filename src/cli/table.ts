import { cleanLines } from '../core/render/terminal-text.ts';

export interface Column<Row> {
  /** Shown in capitals. */
  title: string;
  /** Foreign text may come as it is: control characters are removed here. */
  of: (row: Row) => string;
  align?: 'right';
  /** Never cut, as what is copied from it would be of no use: addresses, ids. */
  whole?: boolean;
}

/** Where the table goes; `process.stdout` is one. */
export interface Terminal {
  isTTY?: boolean;
  /** Of characters a line. */
  columns?: number;
}

/** Narrower says nothing any more. */
const MIN_WIDTH = 8;
const GAP = '  ';

/** `tableText`, printed; prints nothing for no rows on no terminal. */
export function printTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { terminal = process.stdout, write = (text) => void process.stdout.write(text) }: PrintOptions = {},
): void {
  const text = tableText(rows, columns, terminal);
  if (text !== '') write(`${text}\n`);
}

interface PrintOptions {
  terminal?: Terminal;
  write?: (text: string) => void;
}

/**
 * On a terminal: a header in capitals and aligned columns, the widest of which are cut until a line fits. Elsewhere, as
 * gh does it: one row a line, separated by tabs, whole and without a header, for `cut` and `while read`.
 */
export function tableText<Row>(rows: readonly Row[], columns: readonly Column<Row>[], terminal: Terminal): string {
  const cells = rows.map((row) => columns.map(({ of }) => oneLine(of(row))));
  if (terminal.isTTY !== true) return cells.map((line) => line.join('\t')).join('\n');
  const lines = [columns.map(({ title }) => title.toUpperCase()), ...cells];
  const natural = columns.map((_, index) => Math.max(...lines.map((line) => widthOf(line[index] ?? ''))));
  const widths = fitted(natural, columns, terminal.columns ?? 80);
  return lines.map((line) => lineText(line, widths, columns)).join('\n');
}

function lineText(line: readonly string[], widths: readonly number[], columns: readonly Column<never>[]): string {
  const padded = line.map((cell, index) => {
    const width = widths[index] ?? 0;
    const text = cut(cell, width);
    const room = ' '.repeat(width - widthOf(text));
    return columns[index]?.align === 'right' ? `${room}${text}` : `${text}${room}`;
  });
  return padded.join(GAP).trimEnd();
}

/** Takes from the widest, again and again, so that narrow columns stay whole as long as any wide one is left. */
function fitted(natural: readonly number[], columns: readonly Column<never>[], room: number): number[] {
  const widths = [...natural];
  let over = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (widths.length - 1) - room;
  while (over > 0) {
    const cuttable = widths.flatMap((width, index) => (columns[index]?.whole || width <= MIN_WIDTH ? [] : [index]));
    const widest = cuttable.toSorted((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))[0];
    if (widest === undefined) return widths;
    widths[widest] = (widths[widest] ?? 0) - 1;
    over -= 1;
  }
  return widths;
}

const oneLine = (text: string): string => cleanLines(text).replace(/\s+/g, ' ').trim();

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const PLAIN = /^[\x20-\x7e]*$/;
/** Scripts and signs that terminals draw two columns wide. */
const WIDE =
  /\p{Emoji_Presentation}|\ufe0f|[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;

/** In columns of a terminal. */
function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length;
  return [...graphemes.segment(text)].reduce((sum, { segment }) => sum + graphemeWidth(segment), 0);
}

function graphemeWidth(segment: string): number {
  if (WIDE.test(segment)) return 2;
  return /^[\p{Mark}\p{Cf}]+$/u.test(segment) ? 0 : 1;
}

function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    used += graphemeWidth(segment);
    if (used > width - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}
