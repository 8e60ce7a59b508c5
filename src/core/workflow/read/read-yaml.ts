import { Lexer, LineCounter, parseDocument } from 'yaml';
import type { Fault } from '../types.ts';
import { checkTree } from './check-tree.ts';
import { placeOfOffset, type YamlFile } from './places.ts';
import { tooDeep, yamlHint } from './yaml-hints.ts';

export const MAX_BYTES = 1024 * 1024;
export const MAX_DEPTH = 20;
export const MAX_ALIASES = 100;
/** Characters that aliases repeat; a plan holds them all, so with the file itself it stays under 2 MiB. */
const MAX_REPEATED = 1024 * 1024;
const MAX_TOKENS = 100_000;
/** Of `\\` in double quotes. */
const MAX_ESCAPES = 20_000;
const MAX_SYNTAX_FAULTS = 50;

export type ReadYaml = { ok: true; file: YamlFile } | { ok: false; faults: Fault[] };

/**
 * Reads one YAML 1.2 document whose size, nesting and aliases are bounded, so that no file can hang or crash the reader.
 * Every syntax error is returned, not just the first.
 */
export function readYaml(text: string, fileName: string): ReadYaml {
  const lines = new LineCounter();
  const fault = (offset: number, code: string, message: string, hint: string): Fault => ({
    file: fileName,
    ...placeOfOffset({ lines }, offset),
    code,
    message,
    hint,
  });
  if (Buffer.byteLength(text) > MAX_BYTES) {
    lines.addNewLine(0);
    const message = `The file is larger than ${MAX_BYTES / 1024} KiB.`;
    return { ok: false, faults: [fault(0, 'too_large', message, 'Move long texts into files of the repository.')] };
  }
  for (let at = 0; at !== -1; at = next(text, at)) lines.addNewLine(at);
  const before = checkTokens(text);
  if (before) return { ok: false, faults: [fault(before.offset, before.code, before.message, before.hint)] };

  // The library's own check for duplicate keys is quadratic: 50,000 keys took 22 s. checkTree does it.
  const document = parseDocument(text, {
    prettyErrors: false,
    stringKeys: true,
    uniqueKeys: false,
    resolveKnownTags: false,
    logLevel: 'error',
  });
  const problems = [...document.errors, ...document.warnings].slice(0, MAX_SYNTAX_FAULTS);
  if (document.directives?.yaml.explicit && document.directives.yaml.version !== '1.2') {
    const message = 'The directive `%YAML` asks for another version than 1.2.';
    return { ok: false, faults: [fault(0, 'yaml', message, 'Remove the line; workflows are YAML 1.2.')] };
  }
  if (problems.length > 0) {
    const faults = problems.map((problem) => {
      const { code, message, hint } = yamlHint(problem.code, problem.message);
      return fault(problem.pos[0], code, message, hint);
    });
    return { ok: false, faults };
  }
  const inTree = checkTree(document.contents, { depth: MAX_DEPTH, aliases: MAX_ALIASES, added: MAX_REPEATED }).slice(
    0,
    MAX_SYNTAX_FAULTS,
  );
  if (inTree.length > 0) {
    return { ok: false, faults: inTree.map((at) => fault(at.offset, at.code, at.message, at.hint)) };
  }
  try {
    const data: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return { ok: true, file: { text, document, lines, data } };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const message = 'The aliases (`*name`) of this file expand to too much.';
    return { ok: false, faults: [fault(0, 'too_many_aliases', message, 'Write the repeated parts out.')] };
  }
}

function next(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? -1 : end + 1;
}

/** Before anything is built: the parser needs seconds for a megabyte of brackets. */
function checkTokens(text: string): { offset: number; code: string; message: string; hint: string } | null {
  const control = /[^\P{Cc}\t\n\r\u0085]/u.exec(text);
  if (control) {
    const name = `U+${control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
    const message = `The file contains the control character ${name}.`;
    return { offset: control.index, code: 'control_character', message, hint: 'Save the file as plain UTF-8 text.' };
  }
  let tokens = 0;
  let escapes = 0;
  let depth = 0;
  let offset = 0;
  let scalar = false;
  for (const token of new Lexer().lex(text)) {
    tokens += 1;
    if (!scalar && (token === '[' || token === '{')) depth += 1;
    if (!scalar && (token === ']' || token === '}')) depth -= 1;
    if (depth > MAX_DEPTH) return { offset, ...tooDeep(MAX_DEPTH) };
    if (!scalar && token.startsWith('"')) escapes += token.split('\\').length - 1;
    if (tokens > MAX_TOKENS || escapes > MAX_ESCAPES) {
      const message = `The file has more than ${MAX_TOKENS} YAML tokens or ${MAX_ESCAPES} escapes.`;
      return { offset, code: 'too_large', message, hint: 'Split the workflow.' };
    }
    scalar = token === SCALAR_FOLLOWS;
    if (!MARKS.has(token)) offset += token.length;
  }
  return null;
}

const SCALAR_FOLLOWS = '\u001f';
/** The lexer's own marks, which are not in the text: document start, flow error, scalar. */
const MARKS = new Set(['\u0002', '\u0018', SCALAR_FOLLOWS]);
