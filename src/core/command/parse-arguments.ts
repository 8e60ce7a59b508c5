import type { RequestFlags } from '../request-flags.ts';
import { quoteToken } from './quote-token.ts';
import type { Token } from './tokenize.ts';
import { Unreadable } from './unreadable.ts';
import { checkedValue, inputName, suggestion } from './words.ts';

export const NO_FLAGS: RequestFlags = {
  plan: false,
  tag: [],
  match: [],
  repo: [],
  exclude: [],
  parallel: null,
  draft: false,
  again: false,
  preview: false,
};

const LISTS = ['tag', 'match', 'repo', 'exclude'] as const;
const SWITCHES = ['plan', 'draft', 'again', 'preview'] as const;
const FLAGS: readonly string[] = [...LISTS, ...SWITCHES, 'parallel'].map((name) => `--${name}`);
const MOST_PARALLEL = 1000;

interface Arguments {
  inputs: Record<string, string>;
  flags: RequestFlags;
}

/** What follows the workflow's name: inputs and flags in any order. Throws Unreadable. */
export function parseArguments(tokens: readonly Token[]): Arguments {
  const inputs = new Map<string, string>();
  const lists = { tag: [] as string[], match: [] as string[], repo: [] as string[], exclude: [] as string[] };
  const switches = { plan: false, draft: false, again: false, preview: false };
  let parallel: number | null = null;

  const rest = tokens.values();
  for (const token of rest) {
    if (token.literal || !token.text.startsWith('-')) {
      const [name, value] = assignment(token, tokens);
      if (inputs.has(name)) throw repeated(name);
      inputs.set(name, value);
      continue;
    }
    const equals = token.text.indexOf('=');
    const flag = equals < 0 ? token.text : token.text.slice(0, equals);
    const attached = equals < 0 ? undefined : token.text.slice(equals + 1);

    const list = LISTS.find((name) => flag === `--${name}`);
    const switched = SWITCHES.find((name) => flag === `--${name}`);
    if (list !== undefined) {
      lists[list].push(flagValue(flag, attached, rest));
    } else if (switched !== undefined) {
      if (attached !== undefined) throw new Unreadable(`\`${flag}\` takes no value.`, `Write \`${flag}\` alone.`);
      if (switches[switched]) throw repeated(flag);
      switches[switched] = true;
    } else if (flag === '--parallel') {
      if (parallel !== null) throw repeated(flag);
      parallel = parallelValue(flagValue(flag, attached, rest));
    } else {
      throw new Unreadable(`${quoteToken(flag)} is not a flag of \`/fleet\`.`, suggestion(flag, FLAGS));
    }
  }
  return { inputs: Object.fromEntries(inputs), flags: { ...lists, ...switches, parallel } };
}

function assignment(token: Token, tokens: readonly Token[]): [name: string, value: string] {
  const equals = token.text.indexOf('=');
  if (equals > 0) {
    const name = inputName(token.text.slice(0, equals));
    return [name, checkedValue(name, token.text.slice(equals + 1))];
  }
  const spaced = token.text.startsWith('=') || tokens[tokens.indexOf(token) + 1]?.text.startsWith('=');
  throw new Unreadable(
    `${quoteToken(token.text)} is neither \`key=value\` nor a flag.`,
    spaced
      ? 'Write inputs without spaces around the `=`.'
      : 'Write inputs as `key=value`; a value with spaces goes into quotes: `key="two words"`.',
  );
}

function flagValue(flag: string, attached: string | undefined, rest: Iterator<Token>): string {
  const next = attached === undefined ? rest.next().value : { text: attached, literal: true };
  if (next === undefined || next.text.trim() === '' || (!next.literal && next.text.startsWith('-'))) {
    throw new Unreadable(`\`${flag}\` needs a value.`, `Write it behind the flag: \`${flag} value\`.`);
  }
  return checkedValue(flag, next.text);
}

function parallelValue(value: string): number {
  const parallel = Number(value);
  if (!/^[1-9]\d*$/.test(value) || parallel > MOST_PARALLEL) {
    throw new Unreadable(
      `\`--parallel\` is not a number of tasks: ${quoteToken(value)}.`,
      `Give a whole number from 1 to ${MOST_PARALLEL}; the caps of the settings hold as well.`,
    );
  }
  return parallel;
}

const repeated = (name: string): Unreadable =>
  new Unreadable(`${quoteToken(name)} is given more than once.`, 'Give it once.');
