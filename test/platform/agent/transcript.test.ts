import { expect, it } from 'vitest';
import { createSecrecy } from '../../../src/platform/agent/secrecy.ts';
import { createTranscript } from '../../../src/platform/agent/transcript.ts';

const says = (text: string, messageId?: string, sessionUpdate = 'agent_message_chunk') => ({
  sessionUpdate,
  ...(messageId === undefined ? {} : { messageId }),
  content: { type: 'text', text },
});

/** What a transcript of these updates holds: of which message, and the text. */
async function written(updates: ReturnType<typeof says>[]): Promise<string[]> {
  const lines: string[] = [];
  const file = {
    write: (line: Uint8Array | string) => void lines.push(line.toString()),
    close: () => Promise.resolve(),
  };
  const transcript = createTranscript(file, createSecrecy({ secrets: ['the key of the operator'], env: {} }));
  for (const update of updates) transcript.update(update);
  await transcript.close();
  return lines.map((line) => {
    const { update } = JSON.parse(line);
    return `${update.sessionUpdate === 'agent_message_chunk' ? '' : 'thought '}${update.messageId ?? '-'}: ${update.content.text}`;
  });
}

it('holds what is told piece by piece at once, but for the end that may be of a secret', async () => {
  expect(await written([says('It is gh'), says('p_abcdef01'), says('23 I think.')])).toEqual([
    '-: It is ',
    '-: *** I think.',
  ]);
  expect(await written([says('the key of'), says(' the operator, 1')])).toEqual(['-: ***, 1']);
});

it('keeps what is left of a message with it, before the next one', async () => {
  expect(await written([says('one gh', 'a'), says('p_abcdef', 'a'), says('two', 'b')])).toEqual([
    'a: one ',
    'a: ***',
    'b: two',
  ]);
  expect(await written([says('a s', '1', 'agent_thought_chunk'), says('b s', '1'), says('k', '1')])).toEqual([
    'thought 1: a ',
    'thought 1: s',
    '1: b ',
    '1: sk',
  ]);
});
