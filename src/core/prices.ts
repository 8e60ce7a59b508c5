import type { TokenPrices } from './settings/types.ts';
import type { Tokens } from './spent.ts';

/** What a session costs: as its agent told it, else computed, else unknown. US dollars. */
export interface KnownCost {
  costUsd: number | null;
  computed: boolean;
}

/** Prices are of a million tokens; what the agent tells of its cost wins over them. */
export function knownCost(
  { costUsd, tokens }: { costUsd: number | null; tokens: Tokens | null },
  prices: TokenPrices | null,
): KnownCost {
  if (costUsd !== null || tokens === null || prices === null) return { costUsd, computed: false };
  const { input, output, cachedInput } = tokens;
  // A millionth of a dollar for a token is a dollar for a million.
  const micro = input * prices.input + output * prices.output + cachedInput * prices.cachedInput;
  return { costUsd: Math.round(micro) / 1e6, computed: true };
}
