import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { readCsv } from './csv.ts';

interface ReposFileFault {
  /** From 1 on. */
  line: number;
  message: string;
  hint: string;
}

export type ReposFile = { ok: true; repositories: string[] } | { ok: false; faults: ReposFileFault[] };

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_REPOSITORIES = 10_000;

interface Entry {
  line: number;
  text: string;
}

type Entries = { ok: true; entries: Entry[] } | { ok: false; faults: ReposFileFault[] };

/**
 * Repositories as `owner/name`, in the file's order, each once. A text has one a line, with # comments; a CSV a column
 * `repository`, `repo` or `name`, or else its first one; YAML a list, or one under `repositories:`, of names or of
 * mappings with `name:`.
 * @param filename decides by its ending which of the three it is; of any other (`-`) the content does
 * @param owner of names without one; null: such a name is a fault
 */
export function readReposFile(text: string, filename: string, owner: string | null): ReposFile {
  if (Buffer.byteLength(text) > MAX_BYTES) {
    return { ok: false, faults: [{ line: 1, message: 'The file is larger than 4 MiB.', hint: 'Split it.' }] };
  }
  const plain = text.replace(/^\ufeff/, '');
  const read = entriesOf(plain, filename);
  if (!read.ok) return read;
  const byKey = new Map<string, string>();
  const faults: ReposFileFault[] = [];
  for (const { line, text: written } of read.entries) {
    const problem = nameProblem(written, owner);
    if (problem !== undefined) {
      faults.push({ line, ...problem });
      continue;
    }
    const name = written.includes('/') ? written : `${owner}/${written}`;
    const key = name.toLowerCase();
    if (!byKey.has(key)) byKey.set(key, name);
    if (byKey.size <= MAX_REPOSITORIES) continue;
    faults.push({ line, message: `There are more than ${MAX_REPOSITORIES} repositories.`, hint: 'Split the file.' });
    break;
  }
  if (faults.length > 0) return { ok: false, faults };
  if (byKey.size > 0) return { ok: true, repositories: [...byKey.values()] };
  const message = 'There is no repository in the file.';
  return { ok: false, faults: [{ line: 1, message, hint: 'Write one a line, as `owner/name`.' }] };
}

function entriesOf(text: string, filename: string): Entries {
  if (/\.csv$/i.test(filename)) return csvEntries(text);
  if (/\.(ya?ml|json)$/i.test(filename)) return yamlEntries(text);
  if (/\.txt$/i.test(filename)) return { ok: true, entries: textEntries(text) };
  const first = text.split(/\r?\n/).find((line) => line.trim() !== '' && !line.trim().startsWith('#')) ?? '';
  if (/^(---|- |-$|\[|\{|repositories\s*:)/.test(first)) return yamlEntries(text);
  const isHeader = HEADERS.includes(cellText(first).toLowerCase());
  return isHeader || /[,;\t]/.test(first.trim()) ? csvEntries(text) : { ok: true, entries: textEntries(text) };
}

function textEntries(text: string): Entry[] {
  return text.split(/\r\n|\r|\n/).flatMap((line, index) => {
    const name = line.replace(/(^|\s)#.*$/, '').trim();
    return name === '' ? [] : [{ line: index + 1, text: name }];
  });
}

/** Header of the column, the best one first. */
const HEADERS = ['repository', 'repo', 'full_name', 'name'];

function csvEntries(text: string): Entries {
  const read = readCsv(text);
  if (!read.ok) return { ok: false, faults: [read.fault] };
  const rows = read.rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== '') && !isComment(cells));
  const titles = rows[0]?.cells.map((cell) => cellText(cell).toLowerCase()) ?? [];
  const column = HEADERS.map((header) => titles.indexOf(header)).find((index) => index >= 0);
  const entries = rows.slice(column === undefined ? 0 : 1).map(({ line, cells }) => ({
    line,
    text: cellText(cells[column ?? 0] ?? ''),
  }));
  return { ok: true, entries };
}

const isComment = (cells: readonly string[]): boolean => cells[0]?.trim().startsWith('#') ?? false;
const cellText = (cell: string): string =>
  cell
    .trim()
    .replace(/^"(.*)"$/, '$1')
    .trim();

function yamlEntries(text: string): Entries {
  const lines = new LineCounter();
  const lineOf = (node: unknown): number => {
    const at = isNode(node) ? node.range?.[0] : undefined;
    return at === undefined ? 1 : lines.linePos(at).line;
  };
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'silent',
  });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line } = lines.linePos(error.pos[0]);
    return { ok: false, faults: [{ line, message: `It is no YAML: ${error.message}`, hint: MANIFEST }] };
  }
  const root = document.contents;
  const list = isMap(root) ? root.get('repositories', true) : root;
  if (!isSeq(list))
    return { ok: false, faults: [{ line: lineOf(list ?? root), message: 'There is no list.', hint: MANIFEST }] };
  const faults: ReposFileFault[] = [];
  const entries = list.items.flatMap((item) => {
    // Aliases are not followed: a small file could expand to a huge one.
    const name = isMap(item) ? item.get('name', true) : item;
    if (isScalar(name) && typeof name.value === 'string') return [{ line: lineOf(name), text: name.value.trim() }];
    faults.push({ line: lineOf(item), message: 'This entry has no name.', hint: MANIFEST });
    return [];
  });
  return faults.length > 0 ? { ok: false, faults } : { ok: true, entries };
}

const MANIFEST = 'Write `repositories:` and below it one `- owner/name` a line.';

const isNode = (node: unknown): node is Node => typeof node === 'object' && node !== null && 'range' in node;

const MAX_SHOWN = 80;

function nameProblem(text: string, owner: string | null): Omit<ReposFileFault, 'line'> | undefined {
  const shown = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  const hint = 'Write `owner/name`.';
  if (text === '') return { message: 'There is no repository on this line.', hint: `${hint} Or remove the line.` };
  const ofUrl = /^(?:https?:\/\/[^/]+\/|git@[^:]+:)([\w-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(text)?.[1];
  if (ofUrl !== undefined) return { message: `\`${shown}\` is an address.`, hint: `Write \`${ofUrl}\`.` };
  if (!/^(?:[\w-]{1,100}\/)?[\w.-]{1,100}$/.test(text) || /(?:^|\/)\.{1,2}$/.test(text)) {
    return { message: `\`${shown}\` is no repository's name.`, hint };
  }
  if (owner === null && !text.includes('/')) {
    return { message: `\`${shown}\` has no owner.`, hint: `Write \`owner/${text}\`, or give the owner with --org.` };
  }
  return undefined;
}
