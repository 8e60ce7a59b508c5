import MarkdownIt from 'markdown-it';

const markdown = new MarkdownIt({ html: true });

export interface MarkdownReading {
  /** Raw HTML as it stands, outside of code. */
  html: string[];
  /** Texts outside of code, decoded as GitHub sees them when it looks for mentions; of links apart. */
  texts: string[];
  linkTexts: string[];
  /** Code blocks in fences. */
  fences: number;
  /** Rows of the tables that are not inside of anything else, without their heads. */
  rows: number;
  /** Top-level lines of Markdown that begin with a pipe, as they are written. */
  rowLines: string[];
}

/** What a reader of Markdown makes of a text. */
export function readMarkdown(text: string): MarkdownReading {
  const reading: MarkdownReading = { html: [], texts: [], linkTexts: [], fences: 0, rows: 0, rowLines: [] };
  const lines = text.split('\n');
  let body = false;
  for (const token of markdown.parse(text, {})) {
    if (token.type === 'fence') reading.fences += 1;
    if (token.type === 'html_block') reading.html.push(token.content);
    if (token.type === 'thead_open') body = false;
    if (token.type === 'tbody_open') body = true;
    if (body && token.type === 'tr_open' && token.level === 2 && token.map !== null) {
      reading.rows += 1;
      reading.rowLines.push(lines[token.map[0]] ?? '');
    }
    if (token.type !== 'inline') continue;
    let links = 0;
    let run = '';
    for (const child of token.children ?? []) {
      if (child.type === 'link_open') links += 1;
      if (child.type === 'link_close') links -= 1;
      if (child.type === 'html_inline') reading.html.push(child.content);
      if (child.type === 'text' && links === 0) run += child.content;
      else if (child.type === 'text') reading.linkTexts.push(child.content);
      else run += '\n';
    }
    reading.texts.push(run);
  }
  return reading;
}

/** Pipes that end a cell, as GitHub counts them (a backslash takes the next character) and as others do (any `\|` is text). */
export function cellPipes(line: string): readonly [github: number, others: number] {
  return [(line.replace(/\\./g, '').match(/\|/g) ?? []).length, (line.match(/(?<!\\)\|/g) ?? []).length];
}
