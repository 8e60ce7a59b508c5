interface CsvRow {
  /** On which it begins, from 1 on. */
  line: number;
  cells: string[];
}

type Csv = { ok: true; rows: CsvRow[] } | { ok: false; fault: { line: number; message: string; hint: string } };

/**
 * RFC 4180, and separated by semicolons or tabs as spreadsheets write it too: which of them comes first, separates.
 * Cells in quotes may hold separators, newlines and doubled quotes, as a description beside a repository's name does.
 */
export function readCsv(text: string): Csv {
  const separator = /[,;\t]/.exec(text.split(/\r?\n/, 1)[0]?.replace(/"[^"]*"/g, '') ?? '')?.[0] ?? ',';
  const rows: CsvRow[] = [];
  let row: CsvRow = { line: 1, cells: [] };
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const { cell, end, closed } = readCell(text, at, separator);
    if (!closed) {
      const hint = 'Close it, or double a quote that is part of the text.';
      return { ok: false, fault: { line: row.line, message: 'A quote is opened here and never closed.', hint } };
    }
    row.cells.push(cell);
    line += text.slice(at, end).split('\n').length - 1;
    if (text[end] === separator) {
      at = end + 1;
      if (at === text.length) row.cells.push('');
      continue;
    }
    rows.push(row);
    at = end + (text.startsWith('\r\n', end) ? 2 : 1);
    line += 1;
    row = { line, cells: [] };
  }
  if (row.cells.length > 0) rows.push(row);
  return { ok: true, rows };
}

/** @returns `end` is where a separator, a line's end or the text's end stands */
function readCell(text: string, start: number, separator: string): { cell: string; end: number; closed: boolean } {
  let at = start;
  let cell = '';
  while (text[at] === ' ') at += 1;
  const quoted = text[at] === '"';
  if (quoted) {
    for (at += 1; ; at += 1) {
      if (at >= text.length) return { cell, end: at, closed: false };
      if (text[at] !== '"') cell += text[at];
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else break;
    }
    at += 1;
  }
  const from = quoted ? at : start;
  while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at += 1;
  return { cell: `${cell}${text.slice(from, at)}`, end: at, closed: true };
}
