import type { Document, LineCounter, Node } from 'yaml';
import { isAlias, isMap, isNode, isScalar, isSeq } from 'yaml';

export type Path = readonly (string | number)[];

/** A YAML file that parsed, with what is needed to say where something stands in it. */
export interface YamlFile {
  text: string;
  document: Document;
  lines: LineCounter;
  data: unknown;
}

/** 1-based; columns count UTF-16 units. */
export interface Place {
  line: number;
  column: number;
}

/** A part of a scalar's value, by offset and length in the value. */
export interface Excerpt {
  offset: number;
  length: number;
}

interface Found {
  value: Node | null;
  /** Start of the key that leads to the value. */
  keyOffset: number | null;
}

/** Where the value at `path` stands; of a path that does not exist, where its deepest existing part stands. */
export function placeOfValue(file: YamlFile, path: Path, excerpt?: Excerpt): Place {
  const { value, keyOffset } = find(file, path);
  const range = value?.range;
  if (!range || (keyOffset !== null && range[0] === range[1])) return placeOfOffset(file, keyOffset ?? 0);
  if (excerpt && isScalar(value) && typeof value.value === 'string') {
    return placeOfOffset(file, excerptOffset(file.text.slice(range[0], range[1]), value.value, excerpt, range[0]));
  }
  return placeOfOffset(file, range[0]);
}

/** Where the key stands that leads to the value at `path`. */
export function placeOfKey(file: YamlFile, path: Path): Place {
  const { value, keyOffset } = find(file, path);
  return placeOfOffset(file, keyOffset ?? value?.range?.[0] ?? 0);
}

export function placeOfOffset(file: Pick<YamlFile, 'lines'>, offset: number): Place {
  const { line, col } = file.lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

function find(file: YamlFile, path: Path): Found {
  let found: Found = { value: file.document.contents, keyOffset: null };
  for (const part of path) {
    const next = step(file, found.value, part);
    if (!next) break;
    found = next;
  }
  return found;
}

function step(file: YamlFile, from: Node | null, part: string | number): Found | null {
  const node = isAlias(from) ? (from.resolve(file.document) ?? null) : from;
  if (isSeq(node)) {
    const item = typeof part === 'number' ? node.items[part] : undefined;
    return isNode(item) ? { value: item, keyOffset: null } : null;
  }
  if (!isMap(node)) return null;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
  if (!pair || !isScalar(pair.key)) return null;
  return { value: isNode(pair.value) ? pair.value : null, keyOffset: pair.key.range?.[0] ?? null };
}

/**
 * Escapes, folding and indentation make a value's offsets differ from the source's, so the same text is looked for,
 * as often as it occurred before. A text that only an escape produces is placed at the scalar's start.
 */
function excerptOffset(source: string, value: string, excerpt: Excerpt, start: number): number {
  const wanted = value.slice(excerpt.offset, excerpt.offset + excerpt.length);
  if (wanted === '') return start + source.trimEnd().length;
  let at = source.indexOf(wanted);
  for (let seen = value.indexOf(wanted); seen !== -1 && seen < excerpt.offset; seen = value.indexOf(wanted, seen + 1)) {
    const next = source.indexOf(wanted, at + 1);
    if (next === -1) break;
    at = next;
  }
  return at === -1 ? start : start + at;
}
