import type { TokenPrices } from './settings/types.ts';
import type { Tokens } from './spent.ts';

/** What a session costs: as its agent told it, else computed, else unknown. US dollars. */
export interface KnownCost {
  costUsd: number | null;
  computed: boolean;
}

/**
 * Prices are of a million tokens; what the agent tells of its cost wins over them. Tokens for nothing are not told but
 * unknown: agents tell 0 of a model whose price they do not know.
 */
export function knownCost(
  { costUsd, tokens }: { costUsd: number | null; tokens: Tokens | null },
  prices: TokenPrices | null,
): KnownCost {
  const used = tokens !== null && tokens.input + tokens.output + tokens.cachedInput > 0;
  if (costUsd !== null && !(costUsd === 0 && used)) return { costUsd, computed: false };
  if (!used || prices === null) return { costUsd: null, computed: false };
  const { input, output, cachedInput } = tokens;
  // A millionth of a dollar for a token is a dollar for a million.
  const micro = input * prices.input + output * prices.output + cachedInput * prices.cachedInput;
  return { costUsd: Math.round(micro) / 1e6, computed: true };
}
