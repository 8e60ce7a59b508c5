import { archonVariablesIn, insteadOf, isArchonVariable } from '../archon-variables.ts';
import { scanShell } from '../shell/scan-shell.ts';
import { type CodeField, codeFields, textFields } from '../texts.ts';
import type { Finding, Rule } from './finding.ts';

/** Variables that a workflow brings from Archon: without a fault they would stay as words, or be empty. */
export const archonVariables: Rule = function* (workflow) {
  for (const { path, text, file } of textFields(workflow)) {
    for (const { raw, offset, instead } of archonVariablesIn(text)) {
      yield { path, file, excerpt: { offset, length: raw.length }, ...describe(raw, instead.text) };
    }
  }
  for (const field of codeFields(workflow)) {
    if (mayNameOne(field.text))
      yield* field.language === 'bash' ? inBash(field) : inScript(field, READINGS[field.language]);
  }
};

const describe = (raw: string, hint: string): Pick<Finding, 'code' | 'message' | 'hint'> => ({
  code: 'archon_variable',
  message: `\`${raw}\` is a variable of Archon, which nothing sets here.`,
  hint,
});

/** Most commands name none, and need not be read closely. */
const mayNameOne = (text: string): boolean =>
  [...text.matchAll(/[A-Z_]{7,}/g)].some(([word]) => isArchonVariable(word));

function* inBash({ path, file, text, own }: CodeField): Generator<Finding> {
  const { uses } = scanShell(text);
  const set = new Set([...own, ...[...text.matchAll(SETTING)].flatMap((match) => match.slice(1))]);
  for (const { name, raw, offset, length, hasDefault } of uses) {
    if (!isArchonVariable(name) || set.has(name) || hasDefault) continue;
    // What follows the name belongs to what Archon would have replaced.
    const written =
      name === 'LOOP_PREV' ? (/^\$LOOP_PREV\.[\w-]+\.output/.exec(text.slice(offset, offset + 200))?.[0] ?? raw) : raw;
    yield {
      path,
      file,
      excerpt: { offset, length: Math.max(length, written.length) },
      ...describe(written, insteadOf(name).code),
    };
  }
}

/** `NAME=`, `read NAME`, `for NAME in`: the command's own variable of that name. */
const SETTING =
  /(?<![$\w{])([A-Z_]{7,})\+?=|\b(?:read|for|mapfile|readarray|local|declare)\s+(?:-\w+\s+)*([A-Z_]{7,})\b/g;

const READINGS: Readonly<Record<'node' | 'python', RegExp>> = {
  node: /(?<![\w$.])\$([A-Z_]+)\b|\bprocess\.env(?:\.|\[['"])([A-Z_]+)\b/g,
  python: /(?<![\w$.])\$([A-Z_]+)\b|\bos\.(?:environ(?:\.get\(|\[)|getenv\()\s*['"]([A-Z_]+)\b/g,
};

function* inScript({ path, file, text, own }: CodeField, readings: RegExp): Generator<Finding> {
  for (const { 0: raw, 1: dollar, 2: read, index } of text.matchAll(readings)) {
    const name = dollar ?? read ?? '';
    if (!isArchonVariable(name) || own.includes(name)) continue;
    if (dollar !== undefined && new RegExp(String.raw`\$${name}\s*=[^=]`).test(text)) continue;
    yield { path, file, excerpt: { offset: index, length: raw.length }, ...describe(raw, insteadOf(name).code) };
  }
}
