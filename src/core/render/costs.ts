import type { Spent } from '../spent.ts';
import { dollars, thousands } from './amounts.ts';

/** `$0.42 · 120k tokens`; empty when no agent was asked, and nothing of tokens where none were told. */
export function costText(spent: Spent): string {
  const tokens = spent.tokens === null ? '' : ` · ${tokensText(spent)}`;
  return spent.sessions === 0 ? '' : `${moneyText(spent)}${tokens}`;
}

/** The same where there is room to say that tokens are unknown too. */
export function costSentence(spent: Spent): string {
  return spent.sessions === 0 ? '' : `${moneyText(spent)} · ${tokensText(spent)}`;
}

/** `≈`: computed from tokens and the operator's prices. */
function moneyText({ knownUsd, computed, unknown }: Spent): string {
  const known = `${computed ? '≈ ' : ''}${dollars(knownUsd)}`;
  if (unknown === 0) return known;
  return knownUsd > 0 ? `${known} + unknown` : 'unknown';
}

function tokensText({ tokens, unknownTokens }: Spent): string {
  if (tokens === null) return 'tokens unknown';
  const known = shortCount(tokens.input + tokens.output + tokens.cachedInput);
  return unknownTokens === 0 ? `${known} tokens` : `${known} + unknown tokens`;
}

/** `950`, `1.2k`, `120k`, `3.4M` */
function shortCount(count: number): string {
  if (count < 1_000) return thousands(count);
  const [size, unit] = count < 999_500 ? [count / 1_000, 'k'] : [count / 1_000_000, 'M'];
  return `${size < 9.95 ? Number(size.toFixed(1)) : thousands(Math.round(size))}${unit}`;
}
