import type { ScriptNode } from '../types.ts';
import { holdsForeignText } from './our-variables.ts';
import type { Warning } from './warning.ts';

type Language = ScriptNode['runtime'];

/** Calls that take a text for a program. In JavaScript a bare `.exec(` is that of a regular expression. */
const CALLS: Readonly<Record<Language, RegExp>> = {
  node: /(?<![\w.$])(?:eval|exec|execSync|Function)\(|\b(?:child_process|childProcess|cp)\.exec(?:Sync)?\(/g,
  python: /(?<![\w.])(?:eval|exec)\(|\bos\.(?:system|popen)\(/g,
};
/** Calls that take one when they are told to use a shell. */
const SHELL_CALLS: Readonly<Record<Language, RegExp>> = {
  node: /(?<![\w$])(?:spawn|spawnSync|execFile|execFileSync)\(/g,
  python: /\bsubprocess\.\w+\(/g,
};
const ASKS_FOR_SHELL: Readonly<Record<Language, RegExp>> = {
  node: /\bshell\s*:(?!\s*false\b)/,
  python: /\bshell\s*=\s*True\b/,
};

/** Of a call, as much as anybody writes into its parentheses. */
const MAX_ARGUMENTS = 500;
const MAX_NAMES = 200;

/** Where a script runs a value from outside as a program, as far as one line after the other shows it. */
export function* scriptWarnings(text: string, language: Language, own: ReadonlySet<string>): Generator<Warning> {
  const code = text.replace(language === 'node' ? /^\s*\/\/.*$/gm : /^\s*#.*$/gm, (line) => ' '.repeat(line.length));
  const names = foreignNames(code, own);
  if (names.length === 0) return;
  const mentioned = new RegExp(
    `(?<![\\w$])(?:${names.map((name) => name.replaceAll('$', '\\$')).join('|')})(?![\\w$])`,
  );
  for (const call of code.matchAll(CALLS[language])) {
    if (mentioned.test(argumentsOf(code, call))) yield warn(call, language);
  }
  for (const call of code.matchAll(SHELL_CALLS[language])) {
    const inside = argumentsOf(code, call);
    if (ASKS_FOR_SHELL[language].test(inside) && mentioned.test(inside)) yield warn(call, language);
  }
}

function warn({ 0: call, index }: RegExpExecArray, language: Language): Warning {
  const message = `\`${call}...)\` runs a text as a program, and a value from outside is part of it.`;
  const hint =
    language === 'node'
      ? 'Use execFile or spawn with a list of arguments and without `shell`.'
      : 'Use subprocess.run with a list of arguments and without `shell=True`.';
  return { at: { offset: index, length: call.length }, code: 'warning/program_text', message, hint };
}

/** Names of ours, and of what is set from one of them on the same line. */
function foreignNames(code: string, own: ReadonlySet<string>): string[] {
  const names = new Set<string>();
  for (const [word] of code.matchAll(/\b[A-Z][A-Z0-9_]*\b/g)) if (holdsForeignText(word, own)) names.add(word);
  const ours = [...names].slice(0, MAX_NAMES);
  for (const line of code.split('\n')) {
    if (names.size >= MAX_NAMES) break;
    const set = /^\s*(?:(?:const|let|var)\s+)?([A-Za-z_$][\w$]{0,99})\s*(?::[^=]{0,99})?=(?!=)(.*)$/.exec(line);
    if (set?.[1] !== undefined && ours.some((name) => set[2]?.includes(name))) names.add(set[1]);
  }
  return [...names].slice(0, MAX_NAMES);
}

function argumentsOf(code: string, { 0: call, index }: RegExpExecArray): string {
  const from = index + call.length;
  let open = 1;
  let at = from;
  for (; at < Math.min(code.length, from + MAX_ARGUMENTS) && open > 0; at += 1) {
    if (code[at] === '(') open += 1;
    if (code[at] === ')') open -= 1;
  }
  return code.slice(from, at);
}
