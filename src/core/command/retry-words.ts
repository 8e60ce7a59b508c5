/** What follows `/fleet retry`. */
import { quoteToken } from './quote-token.ts';
import { readPlaces } from './read-places.ts';
import type { Token } from './tokenize.ts';
import { Unreadable } from './unreadable.ts';

/** `[fleet] [repository glob]`. Throws Unreadable. */
export function retryWords(words: readonly Token[]): { fleet: string | null; repositories?: string } {
  const extra = words.find(({ text, literal }) => text.includes('=') || (!literal && text.startsWith('-')));
  if (extra !== undefined) {
    throw new Unreadable(
      `\`/fleet retry\` takes no flags and no inputs, but ${quoteToken(extra.text)} is there.`,
      'It runs the frozen workflow with the inputs of its fleet. For others, give the command of the workflow again.',
    );
  }
  const places = words.map(({ text }) => text);
  return readPlaces('retry', places, 'It takes no more than these.');
}
