/** What follows `/fleet retry` and `/fleet publish`. */
import { quoteToken } from './quote-token.ts';
import { readPlaces } from './read-places.ts';
import type { Token } from './tokenize.ts';
import { Unreadable } from './unreadable.ts';

const INSTEAD = {
  retry: 'It runs the frozen workflow with the inputs of its fleet.',
  publish: 'It pushes what the fleet has prepared.',
} as const;

/** `[fleet] [repository glob]`. Throws Unreadable. */
export function retryWords(
  verb: keyof typeof INSTEAD,
  words: readonly Token[],
): { fleet: string | null; repositories?: string } {
  const extra = words.find(({ text, literal }) => text.includes('=') || (!literal && text.startsWith('-')));
  if (extra !== undefined) {
    throw new Unreadable(
      `\`/fleet ${verb}\` takes no flags and no inputs, but ${quoteToken(extra.text)} is there.`,
      `${INSTEAD[verb]} For others, give the command of the workflow again.`,
    );
  }
  const places = words.map(({ text }) => text);
  return readPlaces(verb, places, 'It takes no more than these.');
}
