import { expect, it } from 'vitest';
import { createSessionCollector } from '../../../src/platform/agent/session-updates.ts';

const chunk = (text: string, messageId?: string) => ({
  sessionUpdate: 'agent_message_chunk',
  content: { type: 'text', text },
  ...(messageId === undefined ? {} : { messageId }),
});
const cost = (amount: unknown, currency = 'USD') => ({
  sessionUpdate: 'usage_update',
  used: 1,
  size: 1,
  cost: { amount, currency },
});

function summarize(...updates: { sessionUpdate: string }[]) {
  const collector = createSessionCollector();
  for (const update of updates) collector.add(update);
  return collector.summary();
}

it('keeps the last message, told apart by its id', () => {
  expect(summarize(chunk('a', '1'), chunk('b', '1'), chunk('c', '2'), chunk('d', '2')).text).toBe('cd');
});

it('keeps the last message, told apart by what came between, where there are no ids', () => {
  expect(
    summarize(chunk('a'), { sessionUpdate: 'tool_call' }, chunk('b'), { sessionUpdate: 'usage_update' }, chunk('c'))
      .text,
  ).toBe('bc');
});

it('takes the latest cumulative cost, and none that is no amount of dollars', () => {
  expect(summarize(cost(1), cost(3)).costUsd).toBe(3);
  expect(summarize(cost(3), cost(1)).costUsd).toBe(3);
  expect(summarize(cost(1e300)).costUsd).toBe(1_000_000);
  expect(summarize(cost(1), cost(9, 'EUR'), cost('x'), cost(-1)).costUsd).toBe(1);
  expect(summarize({ sessionUpdate: 'usage_update' }).costUsd).toBeNull();
});
