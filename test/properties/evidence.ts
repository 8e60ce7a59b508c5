import fc from 'fast-check';
import type { Transcript } from '../../src/core/render/evidence-section.ts';
import type { ToldNode } from '../../src/core/render/node-table.ts';
import type { PullRequestFacts } from '../../src/core/render/pull-request.ts';
import { NOTHING_SPENT } from '../../src/core/spent.ts';
import { node } from '../core/render/sample-fleet.ts';
import { hostileText } from './arbitraries.ts';
import { hostileNodes } from './fleets.ts';

type GivenEvidence = NonNullable<PullRequestFacts['evidence']>;

const told = fc.record({
  agent: fc.option(hostileText),
  model: fc.option(hostileText),
  tokens: fc.option(fc.record({ input: fc.nat(), output: fc.nat(), cachedInput: fc.nat() })),
  costUsd: fc.constantFrom(null, 0.004, 1.5),
  costComputed: fc.boolean(),
});

const toldNodes: fc.Arbitrary<readonly ToldNode[]> = fc
  .tuple(hostileNodes, told)
  .map(([nodes, more]) => nodes.map((one) => ({ ...one, ...more })));

/** Lines of every kind, in which an agent wrote what it liked. */
function transcriptLine(text: string, other: string): string[] {
  const update = (fields: object) => ({ kind: 'update', update: fields });
  const content = { type: 'text', text };
  const call = { toolCallId: other, title: text, kind: other, locations: [{ path: text }] };
  const results = [{ type: 'content', content }, { type: 'diff', path: other }, { type: text }, null];
  return [
    { kind: 'prompt', text },
    { kind: 'agent', agent: { agentInfo: { name: text, version: other } } },
    { kind: 'agent', agent: text },
    update({ sessionUpdate: 'agent_thought_chunk', content }),
    update({ sessionUpdate: 'agent_message_chunk', content, messageId: other }),
    update({ sessionUpdate: 'tool_call', ...call, status: 'pending' }),
    update({ sessionUpdate: 'tool_call_update', ...call, status: 'completed', content: results }),
    update({ sessionUpdate: 'plan', entries: [{ content: text, status: other }] }),
    update({ sessionUpdate: text }),
    { kind: 'permission', asked: { toolCall: { title: text } }, answer: { outcome: { outcome: other } } },
    { kind: text, text },
    { kind: 'stop', stopReason: other, message: text },
  ].map((line) => JSON.stringify(line));
}

const transcript: fc.Arbitrary<Transcript> = fc.record({
  nodeId: hostileText,
  end: fc.option(
    fc.record({
      jsonl: fc
        .tuple(fc.array(fc.tuple(hostileText, hostileText), { maxLength: 2 }), hostileText)
        .map(([texts, broken]) => [broken, ...texts.flatMap(([a, b]) => transcriptLine(a, b))].join('\n')),
      whole: fc.boolean(),
    }),
  ),
});

export const hostileEvidence: fc.Arbitrary<GivenEvidence> = fc.record({
  taskId: fc.constant('t-abcdefghijkl'),
  spent: fc.constantFrom(NOTHING_SPENT, { ...NOTHING_SPENT, sessions: 2, knownUsd: 1, unknown: 1 }),
  nodes: toldNodes,
  transcripts: fc.array(transcript, { maxLength: 2 }),
});

/** Of as much as there can be, all of it this text. */
export function hugeEvidence(text: string): GivenEvidence {
  const more = { agent: text, model: text, tokens: null, costUsd: null, costComputed: false };
  const one = (nodeId: string, kind: string): ToldNode => ({ ...node(nodeId, { kind, tail: text }), ...more });
  // As much of it as is read.
  const jsonl = transcriptLine(text, text)
    .join('\n')
    .slice(-512 * 1024);
  return {
    taskId: 't-abcdefghijkl',
    spent: NOTHING_SPENT,
    nodes: [one('ask', 'prompt'), one('test', 'bash'), one(text, 'bash')],
    transcripts: ['ask', text].map((nodeId) => ({ nodeId, end: { jsonl, whole: true } })),
  };
}
