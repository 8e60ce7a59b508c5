import { z } from 'zod';

export const MAX_TEXT = 1024 * 1024;
/** What an agent says of itself is bounded, so that sums stay numbers. */
const MAX_USD = 1_000_000;

/** Loose on purpose: an update that a newer agent invented still counts as a sign of life and goes into the transcript. */
export const sessionUpdateSchema = z.looseObject({
  method: z.literal('session/update'),
  params: z.looseObject({ update: z.looseObject({ sessionUpdate: z.string() }) }),
});
export type SessionUpdate = z.infer<typeof sessionUpdateSchema>['params']['update'];

/** A piece of a text that comes in pieces. */
export const textChunkSchema = z.looseObject({
  sessionUpdate: z.enum(['agent_message_chunk', 'agent_thought_chunk', 'user_message_chunk']),
  messageId: z.string().nullish(),
  content: z.looseObject({ type: z.literal('text'), text: z.string() }),
});
const usageUpdate = z.looseObject({
  sessionUpdate: z.literal('usage_update'),
  cost: z.looseObject({ amount: z.number().nonnegative(), currency: z.string() }),
});

/** What between two chunks means that the later one begins a new message. */
const SEPARATORS = new Set(['tool_call', 'agent_thought_chunk', 'user_message_chunk', 'plan']);

interface SessionSummary {
  /** The agent's last message. */
  text: string;
  /** US dollars, cumulative; null while the agent has not said. */
  costUsd: number | null;
}

export interface SessionCollector {
  add(update: SessionUpdate): void;
  summary(): SessionSummary;
}

export function createSessionCollector(): SessionCollector {
  let text = '';
  let messageId: string | null = null;
  let separated = false;
  let costUsd: number | null = null;

  return {
    add(update) {
      if (SEPARATORS.has(update.sessionUpdate)) separated = true;
      const usage = usageUpdate.safeParse(update).data;
      // A cost in another currency is unknown to us, which is not zero.
      if (usage?.cost.currency.toUpperCase() === 'USD') {
        costUsd = Math.max(costUsd ?? 0, Math.min(usage.cost.amount, MAX_USD));
      }
      const chunk = textChunkSchema.safeParse(update).data;
      if (chunk?.sessionUpdate !== 'agent_message_chunk') return;
      const id = chunk.messageId ?? null;
      if (id === null ? separated : id !== messageId) text = '';
      messageId = id;
      separated = false;
      // Once it is full nothing is copied any more: an agent that floods would keep us at it.
      if (text.length < MAX_TEXT) text = (text + chunk.content.text).slice(0, MAX_TEXT);
    },
    summary: () => ({ text, costUsd }),
  };
}
