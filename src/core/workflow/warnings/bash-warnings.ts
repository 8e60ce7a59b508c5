import { scanShell } from '../shell/scan-shell.ts';
import { ASSIGNMENT } from '../shell/splitting.ts';
import type { Shell, ShellCommand, ShellRange, ShellUse, ShellWord } from '../shell/types.ts';
import { holdsForeignText, mayBeEmptyNumber } from './our-variables.ts';
import type { Warning } from './warning.ts';

/** What lets values from outside become more than a word of a bash program. `own`: the node's own such variables. */
export function* bashWarnings(text: string, own: ReadonlySet<string>): Generator<Warning> {
  const shell = scanShell(text);
  const foreign = shell.uses.filter(({ name }) => holdsForeignText(name, own));
  for (const use of foreign) if (use.splits) yield unquoted(use);
  yield* emptyInTests(shell);
  for (const range of arithmeticOf(shell)) yield* evaluated(text, range, own);
  for (const command of shell.commands) yield* textsRunAsCode(command, foreign);
}

function unquoted({ offset, length, raw }: ShellUse): Warning {
  const message = `\`${cut(raw)}\` stands without quotes: the shell splits its value at spaces and expands \`*\` in it.`;
  return { at: { offset, length }, code: 'warning/unquoted', message, hint: `Write \`"${cut(raw)}"\`.` };
}

/** `[ -ne 0 ]` is an error, and `if` takes it for a no. */
function* emptyInTests({ commands, uses }: Shell): Generator<Warning> {
  const tests = commands.filter(({ words }) => words[0]?.text === '[' || words[0]?.text === 'test');
  for (const { offset, length, raw } of uses.filter(({ name, splits }) => splits && mayBeEmptyNumber(name))) {
    if (!tests.some(({ words }) => words.some((word) => contains(word, offset)))) continue;
    const message = `\`${cut(raw)}\` is empty when that node did not run, and without quotes the test then has a word too few.`;
    yield { at: { offset, length }, code: 'warning/unquoted', message, hint: `Write \`"${cut(raw)}"\`.` };
  }
}

const NUMERIC_COMPARISON = /^-(?:eq|ne|lt|le|gt|ge)$/;

/** What bash evaluates as arithmetic; there a text such as `a[$(date)]` runs the command in it. */
function arithmeticOf({ arithmetic, commands }: Shell): ShellRange[] {
  return [...arithmetic, ...commands.flatMap(({ words }) => arithmeticWords(words))];
}

function arithmeticWords(words: readonly ShellWord[]): ShellWord[] {
  if (words[0]?.text === 'let') return words.slice(1);
  if (words[0]?.text !== '[[') return [];
  return words.filter((_, index) =>
    [words[index - 1], words[index + 1]].some((beside) => beside && NUMERIC_COMPARISON.test(beside.text)),
  );
}

function* evaluated(text: string, range: ShellRange, own: ReadonlySet<string>): Generator<Warning> {
  const part = text.slice(range.offset, range.offset + range.length);
  for (const { 0: raw, 1: name = '', index } of part.matchAll(/\$?\{?\b([A-Z][A-Z0-9_]*)\b\}?/g)) {
    if (!holdsForeignText(name, own)) continue;
    const message = `\`${name}\` is evaluated as arithmetic here, in which a value such as \`a[$(...)]\` is executed.`;
    const hint = `Take its digits alone: n="\${${name}//[^0-9]/}", and use n. \`[ "$${name}" -eq 1 ]\` evaluates nothing.`;
    yield { at: { offset: range.offset + index, length: raw.length }, code: 'warning/arithmetic', message, hint };
  }
}

const SHELL = /^(?:\S*\/)?(?:ba|da|z|k)?sh$/;
const PROGRAM_FOLLOWS: readonly { program: RegExp; option: RegExp }[] = [
  { program: SHELL, option: /^-[a-z]*c$/ },
  { program: /^(?:\S*\/)?python[\d.]*$/, option: /^-[a-zA-Z]*c$/ },
  { program: /^(?:\S*\/)?node$/, option: /^(?:-e|-p|-pe|--eval|--print)$/ },
  { program: /^(?:\S*\/)?(?:perl|ruby)$/, option: /^-[a-z]*[eE]$/ },
];

function* textsRunAsCode({ words }: ShellCommand, foreign: readonly ShellUse[]): Generator<Warning> {
  const first = words.find(({ text }) => !ASSIGNMENT.test(text));
  if (first?.text === 'eval') {
    const message = '`eval` runs a text as a program; a value from outside in that text runs with it.';
    const hint = 'Run the command itself, with its arguments in quotes.';
    yield { at: place(first), code: 'warning/eval', message, hint };
  }
  const program = programIn(words);
  if (program === null) return;
  const use = foreign.find(({ offset }) => contains(program.text, offset));
  if (use === undefined) return;
  const message = `The value of \`${use.name}\` becomes part of the program that \`${program.command}\` runs.`;
  const hint = `Put the program in single quotes; it reads ${use.name} from its environment.`;
  yield { at: { offset: use.offset, length: use.length }, code: 'warning/program_text', message, hint };
}

/** Of `sh -c "text"`, the text, wherever in the command it stands: behind `env`, `xargs` or `find -exec`, too. */
function programIn(words: readonly ShellWord[]): { text: ShellWord; command: string } | null {
  for (const { program, option } of PROGRAM_FOLLOWS) {
    const at = words.findIndex(({ text }) => program.test(text));
    const before = at === -1 ? -1 : words.findIndex(({ text }, index) => index > at && option.test(text));
    const text = before === -1 ? undefined : words[before + 1];
    if (text) return { text, command: `${words[at]?.text} ${words[before]?.text}` };
  }
  return null;
}

const contains = ({ offset, length }: ShellRange, at: number): boolean => offset <= at && at < offset + length;

const place = ({ offset, length }: ShellRange): ShellRange => ({ offset, length });

const cut = (raw: string): string => (raw.length > 60 ? `${raw.slice(0, 60)}...` : raw);
