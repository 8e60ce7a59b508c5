import { formsOf, HIDDEN, hideForms, redact } from './redact.ts';

/** Text in pieces, of which a secret may begin in one and end in a later one. */
export interface RedactStream {
  /** What can be shown by now: all but the end of the last line that may turn out to be of a secret. */
  add(piece: string): string;
  /** What was kept back; the beginning of one of `forms` is hidden. The stream is as new afterwards. */
  rest(): string;
}

/** No more is kept back, in UTF-16 units: a token that is longer is known for one by then. */
const LONGEST = 8 * 1024;
/** Less of a secret than this says nothing, and stands in ordinary words. */
const TELLING = 8;
const TOKEN = /^[\w.+/=~-]+/;
/** The end of a line in which more would decide whether it is a credential; `redact` has the shapes. `run`: of what all of it is. */
const UNDECIDED = [
  { begin: /gh[pousr]_|github_pat_|x-access-token:/i, run: /[^\s"']/ },
  { begin: /eyJ|sk-|AKIA|ASIA|AIza|xox|SG\.|[a-z]{2,5}[-_]|hv[sbr]\.|dapi/, run: /[\w.+/=-]/ },
];
/** So near to the end of a line, as these try again from many of its places, and what is searched is hostile. */
const NEAR_LINE = 2048;
const UNDECIDED_NEAR = [
  /:(?:\/\/?[^\s/@"']*)?$/,
  /\b(?:authorization|bearer|basic)\b\S*(?:\s+\S+)?\s*$/i,
  /-----BEGIN .*$/,
];
/** What the shapes begin with; the others begin with small letters. */
const BEGINNINGS = ['eyJ', 'AKIA', 'ASIA', 'AIza', 'SG.', 'Bearer ', 'Basic ', 'Authorization', '-----BEGIN '];
const LETTERS = /\b[a-z_]{1,13}$/;
/** Of the end of a line in which they are looked for. */
const NEAR = 16;
const KEY_BEGIN = /-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----/;
const KEY_END = /-----END (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----/;
/** Between the two: base64, perhaps behind a time, headers and empty lines; anything else shows that the key never ends. */
const OF_KEY = /^\s*$|^[A-Za-z-]+: |(?:^|\s)[A-Za-z0-9+/=]{1,128}\s*$/;
/** The longest keys in use have half of that. */
const KEY_LINES = 256;
/** Of a value over several lines each that is longer counts for itself. */
const MIN_LINE = 16;

/** Every form that a value may have in text that comes line by line; for `createRedactStream`. */
export function streamForms(values: readonly string[]): string[] {
  const long = values.filter((value) => value.length >= TELLING);
  const lines = long.flatMap((value) => (value.includes('\n') ? value.split('\n').map((line) => line.trim()) : []));
  const escaped = long.map((value) => JSON.stringify(value).slice(1, -1));
  return [...new Set(formsOf([...long, ...escaped, ...lines.filter(({ length }) => length >= MIN_LINE)]))];
}

/**
 * Redacts what comes in pieces, in bounded memory. A private key is hidden over all its lines, and a token whatever its length.
 * @param forms the values to hide, in every form that they may have
 */
export function createRedactStream(forms: readonly string[] = []): RedactStream {
  let held = '';
  /** What comes now is of a key, or of a token, the beginning of which is hidden already. */
  let keyLines = 0;
  let token = false;

  function lines(text: string): string {
    if (keyLines === 0 && !text.includes('PRIVATE KEY')) return redact(text);
    return text
      .split(/(?<=\n)/)
      .map(line)
      .join('');
  }

  function line(text: string): string {
    if (keyLines > 0) {
      const end = KEY_END.exec(text);
      keyLines += 1;
      if (end === null && OF_KEY.test(text) && keyLines < KEY_LINES) return '';
      keyLines = 0;
      return end === null ? line(text) : redact(text.slice(end.index + end[0].length));
    }
    const begin = KEY_BEGIN.exec(text);
    if (begin === null || KEY_END.test(text)) return redact(text);
    keyLines = 1;
    return `${redact(text.slice(0, begin.index))}${HIDDEN}\n`;
  }

  function tooLong(): string {
    const shown = keyLines > 0 ? '' : redact(held);
    token = shown.endsWith(HIDDEN);
    held = '';
    return shown;
  }

  return {
    add(piece) {
      const more = token ? piece.replace(TOKEN, '') : piece;
      token &&= more === '';
      // Whole values go first: the end of one can look like the beginning of something else.
      const text = hideForms(held + more, forms);
      const line = text.lastIndexOf('\n') + 1;
      const shown = line === 0 ? '' : lines(text.slice(0, line));
      const decided = keyLines > 0 ? line : line + decidedLength(text.slice(line), forms);
      held = text.slice(decided);
      const said = shown + redact(text.slice(line, decided));
      return held.length > LONGEST ? said + tooLong() : said;
    },
    rest() {
      const shown = lines(held);
      held = '';
      keyLines = 0;
      token = false;
      const start = startOfForm(shown, forms);
      return shown.length - start < TELLING ? shown : `${shown.slice(0, start)}${HIDDEN}`;
    },
  };
}

/** How much of the beginning of a line without an end can be shown. */
function decidedLength(line: string, forms: readonly string[]): number {
  const starts = UNDECIDED.map(({ begin, run }) => {
    const from = runStart(line, run);
    const at = line.slice(from).search(begin);
    return at === -1 ? -1 : from + at;
  });
  const from = Math.max(0, line.length - NEAR_LINE);
  for (const shape of UNDECIDED_NEAR) {
    const at = line.slice(from).search(shape);
    if (at !== -1) starts.push(from + at);
  }
  const near = Math.max(0, line.length - NEAR);
  const letters = line.slice(near).search(LETTERS);
  if (letters !== -1) starts.push(near + letters);
  return Math.min(startOfForm(line, [...BEGINNINGS, ...forms]), ...starts.filter((start) => start !== -1));
}

/** Where the longest end of `text` begins that could become one of `forms`; its length when there is none. */
function startOfForm(text: string, forms: readonly string[]): number {
  const starts = forms.map((form) => {
    for (let start = Math.max(0, text.length - form.length + 1); start < text.length; start += 1) {
      if (form.startsWith(text.slice(start))) return start;
    }
    return text.length;
  });
  return Math.min(text.length, ...starts);
}

/** By index: a regex would try again from each character of the run. */
function runStart(line: string, run: RegExp): number {
  let at = line.length;
  while (at > 0 && run.test(line[at - 1] ?? '')) at -= 1;
  return at;
}
