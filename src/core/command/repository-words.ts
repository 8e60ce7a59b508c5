/** What follows the verbs that mean a fleet's repositories: all, or those that a glob names. */
import { quoteToken } from './quote-token.ts';
import { readPlaces } from './read-places.ts';
import type { Token } from './tokenize.ts';
import { Unreadable } from './unreadable.ts';

const INSTEAD = {
  retry:
    'Leave it out: it runs the frozen workflow with the inputs of its fleet. For others, give the command of the workflow again.',
  publish: 'Leave it out: it pushes what its fleet has prepared.',
  undo: 'Leave it out: it closes the pull requests of its fleet, all or those of the repositories that one glob names.',
} as const;

/** `[fleet] [repository glob]`. Throws Unreadable. */
export function repositoryWords(
  verb: keyof typeof INSTEAD,
  words: readonly Token[],
): { fleet: string | null; repositories?: string } {
  const extra = words.find(({ text, literal }) => text.includes('=') || (!literal && text.startsWith('-')));
  if (extra !== undefined) {
    throw new Unreadable(
      `\`/fleet ${verb}\` takes no flags and no inputs, but ${quoteToken(extra.text)} is there.`,
      INSTEAD[verb],
    );
  }
  const places = words.map(({ text }) => text);
  return readPlaces(verb, places, 'It takes no more than these; `{one,two}` is a glob that names both.');
}
