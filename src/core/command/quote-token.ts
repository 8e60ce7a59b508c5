import { codeSpan } from '../render/safe-text.ts';

const LONGEST_SHOWN = 80;

/** Someone else's text as a Markdown code span of at most 80 characters, its invisible characters spelled out. */
export function quoteToken(text: string): string {
  const spelled = text.slice(0, 2 * LONGEST_SHOWN).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
  return codeSpan(spelled, LONGEST_SHOWN);
}
