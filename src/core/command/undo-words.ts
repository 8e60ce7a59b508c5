/** What follows `/fleet undo`. */
import { quoteToken } from './quote-token.ts';
import { readPlaces } from './read-places.ts';
import type { Token } from './tokenize.ts';
import { Unreadable } from './unreadable.ts';

/** `[fleet] [repository glob]`. Throws Unreadable. */
export function undoWords(words: readonly Token[]): { fleet: string | null; repositories?: string } {
  const extra = words.find(({ text, literal }) => text.includes('=') || (!literal && text.startsWith('-')));
  if (extra !== undefined) {
    throw new Unreadable(
      `\`/fleet undo\` takes no flags and no inputs, but ${quoteToken(extra.text)} is there.`,
      'It closes the pull requests of its fleet: all, or those of the repositories that one glob names.',
    );
  }
  const places = words.map(({ text }) => text);
  return readPlaces('undo', places, 'It takes no more than these.');
}
