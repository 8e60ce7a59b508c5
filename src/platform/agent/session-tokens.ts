import { z } from 'zod';
import type { AgentTokens } from '../../ports/agent.ts';

/** Bounded, so that sums of many sessions stay exact numbers. */
const MOST_TOKENS = 1_000_000_000_000;

const count = z.number().nonnegative();
const maybe = count.nullish().catch(null);

/**
 * `usage` of the answer to a prompt. Source: the protocol's unstable schema, `Usage`, "across session"; opencode 1.18 fills it
 * with its last message alone, so that what it tells is a lower bound.
 */
const withUsage = z.looseObject({
  stopReason: z.string(),
  usage: z.looseObject({
    inputTokens: count,
    outputTokens: count,
    totalTokens: maybe,
    thoughtTokens: maybe,
    cachedReadTokens: maybe,
    cachedWriteTokens: maybe,
  }),
});

/** gemini-cli 0.61 in `_meta` of the same answer, of the whole prompt; cached input is in `input_tokens`. */
const withQuota = z.looseObject({
  stopReason: z.string(),
  _meta: z.looseObject({
    quota: z.looseObject({ token_count: z.looseObject({ input_tokens: count, output_tokens: count }) }),
  }),
});

/** Of an answer to a prompt; null: it does not say, or the answer is none to a prompt. */
export function tokensOf(answer: unknown): AgentTokens | null {
  const usage = withUsage.safeParse(answer).data?.usage;
  if (usage !== undefined) return fromUsage(usage);
  const counts = withQuota.safeParse(answer).data?._meta.quota.token_count;
  return counts === undefined ? null : bounded(counts.input_tokens, counts.output_tokens, 0);
}

/** Agents differ in whether thoughts are in the output and cached input in the input; their total tells. */
function fromUsage(usage: z.infer<typeof withUsage>['usage']): AgentTokens {
  const { inputTokens: input, outputTokens: output, totalTokens: total } = usage;
  const thought = usage.thoughtTokens ?? 0;
  const cached = usage.cachedReadTokens ?? 0;
  const written = usage.cachedWriteTokens ?? 0;
  const apart = input + output + cached + written;
  if (typeof total === 'number' && total < apart) {
    return bounded(Math.max(0, input - cached), output, cached);
  }
  const isThoughtApart = typeof total === 'number' && total >= apart + thought;
  return bounded(input + written, isThoughtApart ? output + thought : output, cached);
}

const bounded = (input: number, output: number, cachedInput: number): AgentTokens => {
  const whole = (tokens: number): number => Math.min(Math.round(tokens), MOST_TOKENS);
  return { input: whole(input), output: whole(output), cachedInput: whole(cachedInput) };
};
