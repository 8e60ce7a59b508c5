/** What sessions of agents came to, as far as it is known; unknown is never zero. */

/** Of one session or several; `cachedInput` is not in `input`. */
export interface Tokens {
  input: number;
  output: number;
  cachedInput: number;
}

export interface Spent {
  /** Sessions that have told something or are over. */
  sessions: number;
  /** US dollars. */
  knownUsd: number;
  /** Something of `knownUsd` was computed from tokens and prices. */
  computed: boolean;
  /** Sessions of which the cost is not known, or not all of it. */
  unknown: number;
  /** Of those that told; null: none did. */
  tokens: Tokens | null;
  /** Sessions that told no tokens. */
  unknownTokens: number;
}

export const NOTHING_SPENT: Spent = {
  sessions: 0,
  knownUsd: 0,
  computed: false,
  unknown: 0,
  tokens: null,
  unknownTokens: 0,
};

export const addSpent = (all: Iterable<Spent>): Spent =>
  [...all].reduce(
    (sum, next) => ({
      sessions: sum.sessions + next.sessions,
      knownUsd: sum.knownUsd + next.knownUsd,
      computed: sum.computed || next.computed,
      unknown: sum.unknown + next.unknown,
      tokens: addTokens(sum.tokens, next.tokens),
      unknownTokens: sum.unknownTokens + next.unknownTokens,
    }),
    NOTHING_SPENT,
  );

/** Of what is known; null: nothing is. */
export function addTokens(one: Tokens | null, other: Tokens | null): Tokens | null {
  if (one === null || other === null) return one ?? other;
  return {
    input: one.input + other.input,
    output: one.output + other.output,
    cachedInput: one.cachedInput + other.cachedInput,
  };
}
