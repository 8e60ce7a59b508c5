/** What follows `/fleet approve` and `/fleet reject`. */
import type { DecisionWords } from '../request.ts';
import { quoteToken } from './quote-token.ts';
import { readPlaces, repositoriesField } from './read-places.ts';
import type { Token } from './tokenize.ts';
import { Unreadable } from './unreadable.ts';
import { checkedValue, suggestion } from './words.ts';

const KEYS = ['node', 'decision', 'text'] as const;
const SAY = 'What you want to say goes into `text="…"`.';

/** `[fleet] [repository glob] [node=…] [decision=…] [text="…"]`, the keys at any place. Throws Unreadable. */
export function decisionWords(
  verb: 'approve' | 'reject',
  words: readonly Token[],
): { fleet: string | null } & DecisionWords {
  const places: string[] = [];
  const keys: DecisionWords = {};
  for (const [index, word] of words.entries()) {
    if (word.text.includes('=')) readKey(word.text, keys);
    else places.push(placeWord(verb, word, words[index + 1]));
  }
  requireOwnDecision(verb, keys);
  return { ...readPlaces(verb, places, SAY), ...keys };
}

/** The same from the fields of a request, of the fleet that it names otherwise. Throws Unreadable. */
export function decisionFields(
  verb: 'approve' | 'reject',
  fields: { [Key in keyof DecisionWords]: DecisionWords[Key] | undefined },
): DecisionWords {
  const keys: DecisionWords = {};
  for (const key of KEYS) {
    const value = fields[key];
    if (value !== undefined) keys[key] = requireValue(key, value);
  }
  requireOwnDecision(verb, keys);
  return { ...repositoriesField(fields.repositories), ...keys };
}

function requireOwnDecision(verb: 'approve' | 'reject', { decision }: DecisionWords): void {
  if (verb === 'approve' || decision === undefined || decision === 'reject') return;
  throw new Unreadable(
    `\`/fleet reject\` decides \`reject\`, but \`decision=\` is ${quoteToken(decision)}.`,
    'Other decisions are written with `approve`: `/fleet approve decision=…`.',
  );
}

function requireValue(key: (typeof KEYS)[number], value: string): string {
  if (key !== 'text' && value.trim() === '') {
    throw new Unreadable(`\`${key}=\` needs a value.`, `Write it without spaces around the \`=\`: \`${key}=…\`.`);
  }
  return checkedValue(key, value);
}

function readKey(text: string, keys: DecisionWords): void {
  const equals = text.indexOf('=');
  const name = text.slice(0, equals);
  const value = text.slice(equals + 1);
  const key = KEYS.find((known) => known === name);
  if (name === '') throw new Unreadable(`A name is missing before ${quoteToken(text)}.`, 'Write no spaces around `=`.');
  if (key === undefined) throw new Unreadable(`${quoteToken(name)} is not known here.`, suggestion(name, KEYS));
  if (keys[key] !== undefined) throw new Unreadable(`\`${key}\` is given more than once.`, 'Give it once.');
  keys[key] = requireValue(key, value);
}

function placeWord(verb: string, { text, literal }: Token, next: Token | undefined): string {
  if (next?.text.startsWith('=')) {
    throw new Unreadable(`A value is missing behind ${quoteToken(text)}.`, 'Write no spaces around `=`.');
  }
  if (!literal && text.startsWith('--')) {
    throw new Unreadable(`\`/fleet ${verb}\` has no flag ${quoteToken(text)}.`, suggestion(text.slice(2), KEYS));
  }
  return text;
}
