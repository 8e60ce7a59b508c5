import type { AgentTokens } from '../ports/agent.ts';
import type { Db, TokenColumns } from './schema.ts';

const ROWS_PER_INSERT = 500;

/** Databases bound the number of parameters of one statement. */
export function* inChunks<T>(rows: readonly T[]): Generator<T[]> {
  for (let from = 0; from < rows.length; from += ROWS_PER_INSERT) yield rows.slice(from, from + ROWS_PER_INSERT);
}

/** The next number of insertion; safe because writes are one after another. */
export async function nextSeq(db: Db, table: 'deliveries' | 'fleets' | 'effects' | 'pushes'): Promise<number> {
  const last = await db
    .selectFrom(table)
    .select((eb) => eb.fn.max('seq').as('seq'))
    .executeTakeFirst();
  return (last?.seq ?? 0) + 1;
}

export const toMicroUsd = (usd: number | null): number | null => (usd === null ? null : Math.round(usd * 1e6));
export const fromMicroUsd = (micro: number | null): number | null => (micro === null ? null : micro / 1e6);

export function readTokens(row: TokenColumns): AgentTokens | null {
  const { tokens_input: input, tokens_output: output, tokens_cached: cachedInput } = row;
  return input === null || output === null || cachedInput === null ? null : { input, output, cachedInput };
}

export const writtenTokens = (tokens: AgentTokens | null): TokenColumns => ({
  tokens_input: tokens?.input ?? null,
  tokens_output: tokens?.output ?? null,
  tokens_cached: tokens?.cachedInput ?? null,
});
