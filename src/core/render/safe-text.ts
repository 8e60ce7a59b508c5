/** Other people's text, made harmless for Markdown: shown as it was typed, without an effect of its own. */
import { redact } from './redact.ts';
import { cleanLines } from './terminal-text.ts';

const ZERO_WIDTH = '\u200b';
/** How much more than is shown gets cleaned; the rest of a huge text would only cost time. */
const NEARBY = 10;

/** At most `max` UTF-16 units, ending in an ellipsis where something was cut; never half a surrogate pair. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  if (max <= 0) return '';
  return `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** The same from the other side: the end of the text is kept. */
export function clipStart(text: string, max: number): string {
  if (text.length <= max) return text;
  if (max <= 0) return '';
  return `…${text.slice(text.length - (max - 1)).replace(/^[\udc00-\udfff]/, '')}`;
}

/** One line without control characters and secrets, for what is shown as it is; what is a title of ours goes through `quietTitle`. */
export function plainLine(text: string, max: number): string {
  const near = text.slice(0, max * NEARBY);
  return clip(redact(cleanLines(near)).replace(/\s+/g, ' ').trim(), max);
}

/**
 * Breaks what acts by itself, and keeps the Markdown: @mentions of people and teams, `#1`, `owner/repo#1`, `GH-1`, links
 * to issues and pull requests, commands of bots, HTML comments, which could imitate our marker, and images: GitHub fetches
 * those when somebody looks, so that an address could carry away what an agent has read. They become links.
 * A zero-width space does it, as an entity would be decoded before GitHub looks for mentions.
 */
export function quietMarkdown(text: string): string {
  return breakCommands(breakReferences(text.replace(ENTITY, `&${ZERO_WIDTH}`)))
    .replaceAll('![', `!${ZERO_WIDTH}[`)
    .replace(FETCHED, '&lt;')
    .replaceAll('<!--', '&lt;!--');
}

/** Beginnings of tags whose address is fetched without a click. */
const FETCHED = /<(?=\/?(?:img|image|picture|source|video|audio|svg|object|embed|iframe|link|style)\b)/gi;

/** `/merge` alone or at the start of a line: other apps obey it in whatever this app writes. Paths stay as they are, and so does our own. */
const COMMAND = /^([\s>*+-]{0,20})\/(?!fleet\b)(?=[a-z][\w-]{0,40}(?:[ \t]|$))/gim;

function breakCommands(text: string): string {
  return text.replace(COMMAND, `$1${ZERO_WIDTH}/`);
}

/** Ways to write what makes a mention or a link: Markdown decodes them before GitHub looks. Decimal ones break as `#1` does. */
const ENTITY = /&(?=#x[0-9a-f]|(?:commat|num|sol|colon|period|lowbar|UnderBar|fjlig);)/gi;

/** The same for a commit's message, where `@scope/name` stays: packages must be found in the history by their names. */
export function quietMessage(text: string): string {
  return breakLinks(text.replace(/@(?=\w)(?![\w-]+\/\w)/g, `@${ZERO_WIDTH}`));
}

/** A pull request's title is not rendered, but a squash merge makes it a commit's message, which closes issues. */
export function quietTitle(text: string, max: number): string {
  return clip(quietMessage(plainLine(text, max)), max);
}

function breakReferences(text: string): string {
  return breakLinks(text.replace(/@(?=\w)/g, `@${ZERO_WIDTH}`));
}

function breakLinks(text: string): string {
  return text
    .replace(/#(?=\d)/g, `#${ZERO_WIDTH}`)
    .replace(/\b(GH-)(?=\d)/gi, `$1${ZERO_WIDTH}`)
    .replace(/\b(https?:)(?=\/\/[^\s<>()]{0,300}?\/(?:issues|pull|discussions|commit)\/)/gi, `$1${ZERO_WIDTH}`)
    .replace(
      /(?<!:)\/(?=\/[^\s<>()/]{1,253}\/[^\s<>()]{0,300}?\/(?:issues|pull|discussions|commit)\/)/gi,
      `/${ZERO_WIDTH}`,
    )
    .replace(/\b(www)(?=\.[^\s<>()]{0,300}?\/(?:issues|pull|discussions|commit)\/)/gi, `$1${ZERO_WIDTH}`);
}

/** One line of Markdown that shows the text literally, in a paragraph, a list or a table's cell. */
export function safeText(text: string, max: number): string {
  return literal(plainLine(text, max));
}

function literal(line: string): string {
  const escaped = line
    .replace(/[\\`*_[\]|~$]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/^([#+=-]|\d+[.)])/, (start) => start.replace(/.$/, '\\$&'));
  return breakCommands(breakReferences(escaped));
}

/** `safeText` in which what stands between two backticks becomes a code span, as our own sentences have it. */
export function safeProse(text: string, max: number): string {
  return prose(text, max, span);
}

/** `safeProse` for a table's cell. */
export function safeProseCell(text: string, max: number): string {
  return prose(text, max, (line) => inCell(span(line)));
}

function prose(text: string, max: number, code: (line: string) => string): string {
  return plainLine(text, max)
    .split(/(?<!`)(`[^`]+`)(?!`)/)
    .map((part, index) => (index % 2 === 1 ? code(part.slice(1, -1).trim()) : literal(part)))
    .join('');
}

/** A code span whose fence is longer than any run of backticks inside; not for a table's cell. */
export function codeSpan(text: string, max: number): string {
  return span(plainLine(text, max));
}

/** A code span for a table's cell. */
export function codeCell(text: string, max: number): string {
  return inCell(codeSpan(text, max));
}

function span(line: string): string {
  if (line === '') return '` `';
  const fence = '`'.repeat(longestRun(line) + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

/** Even inside of code a pipe ends a table's cell. */
function inCell(code: string): string {
  return code.replaceAll('\\|', `\\${ZERO_WIDTH}|`).replaceAll('|', '\\|');
}

/** A code block with the end of an output, without secrets, colours and overwritten progress lines. */
export function fencedTail(output: string, max: number): string {
  const near = output.slice(-max * NEARBY);
  return fenced(clipStart(redact(cleanLines(near)).replace(/^\n+/, '').trimEnd(), max));
}

/**
 * `fencedTail` for the body of a pull request: GitHub can make it the message of a squashed commit, where code is no code
 * any more and `fixes #1` closes an issue; and other apps read commands without asking whether they stand in code.
 */
export function quietTail(output: string, max: number): string {
  const near = output.slice(-max * NEARBY);
  const clean = redact(cleanLines(near))
    .replace(/^\n+/, '')
    .trimEnd()
    .replace(LONG_RUN, (run) => run.slice(0, MAX_RUN));
  return fenced(clipStart(breakCommands(breakReferences(clean)), max));
}

/** The fence must be longer, twice: a run that takes all room would hide what it stands in. */
const MAX_RUN = 20;
const LONG_RUN = new RegExp(`\`{${MAX_RUN},}`, 'g');

/** A code block out of which nothing gets, nor reads like a marker of ours; the text is clean already. */
export function fenced(text: string, language: 'text' | 'diff' = 'text'): string {
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}${language}\n${breakCommands(withoutMarkers(text))}\n${fence}`;
}

/** Code shows text as it is, so that a comment of HTML, which our markers are, can only be broken. */
export function withoutMarkers(text: string): string {
  return text.replaceAll('<!--', `<!${ZERO_WIDTH}--`);
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
