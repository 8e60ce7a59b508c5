import { describe, expect, test } from 'vitest';
import { transcriptText } from '../../../src/core/render/transcript-text.ts';

const lines = (...all: unknown[]): string => all.map((one) => JSON.stringify(one)).join('\n');
const update = (fields: object) => ({ kind: 'update', update: fields });
const says = (text: string, messageId?: string) =>
  update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text }, messageId });
const whole = { whole: true };

describe('a transcript', () => {
  test('reads as what was asked, said and done, and how it ended', () => {
    const edit = { toolCallId: 'c1', title: 'Edit src/a.ts', kind: 'edit', locations: [{ path: 'src/a.ts' }] };
    const text = transcriptText(
      lines(
        { kind: 'prompt', text: 'Mend it.\nAll of it.' },
        { kind: 'agent', agent: { agentInfo: { name: 'opencode', version: '1.18.33' }, protocolVersion: 1 } },
        update({ sessionUpdate: 'plan', entries: [{ content: 'Look', status: 'completed' }, { content: 'Mend' }] }),
        update({ sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text: 'Hm.' } }),
        says('I '),
        says('look.'),
        {
          kind: 'permission',
          asked: { toolCall: { title: 'Edit src/a.ts' } },
          answer: { outcome: { outcome: 'selected', optionId: 'once' } },
        },
        update({ sessionUpdate: 'tool_call', ...edit, status: 'pending' }),
        update({ sessionUpdate: 'tool_call_update', toolCallId: 'c1', status: 'in_progress' }),
        update({
          sessionUpdate: 'tool_call_update',
          toolCallId: 'c1',
          status: 'completed',
          content: [
            { type: 'diff', path: 'src/a.ts', oldText: 'a', newText: 'b' },
            { type: 'content', content: { type: 'text', text: 'One line changed.' } },
          ],
        }),
        says('Done.'),
        { kind: 'stop', stopReason: 'end_turn', message: null },
      ),
      whole,
    );
    expect(text.split('\n')).toEqual([
      'prompt:',
      '  Mend it.',
      '  All of it.',
      'started: opencode 1.18.33',
      'plan:',
      '  ✓ Look',
      '  · Mend',
      'agent thinks:',
      '  Hm.',
      'agent:',
      '  I look.',
      'permission: Edit src/a.ts → once',
      'edit: Edit src/a.ts',
      '→ completed: Edit src/a.ts',
      '  changed src/a.ts',
      '  One line changed.',
      'agent:',
      '  Done.',
      'stopped: end_turn',
    ]);
  });

  test('of which only the end is there begins with the first whole line', () => {
    const all = lines({ kind: 'prompt', text: 'a secret prompt' }, says('The end.'));
    expect(transcriptText(all.slice(20), { whole: false })).toBe('agent:\n  The end.');
  });

  test('is read as far as it can be: what is broken, unknown or not what it says is skipped', () => {
    const text = transcriptText(
      [
        '{"kind":"prompt"',
        'null',
        '[]',
        lines(
          { kind: 'prompt', text: 7 },
          { kind: 'stop' },
          { kind: 'constructor', text: 'x' },
          update({ sessionUpdate: '__proto__', content: { type: 'text', text: 'x' } }),
          update({ sessionUpdate: 'agent_message_chunk', content: { type: 'image', data: 'x' } }),
          update({
            sessionUpdate: 'tool_call',
            toolCallId: 'c',
            title: 8,
            kind: {},
            status: [],
            content: 'x',
            locations: 4,
          }),
          { kind: 'stop', stopReason: 'error', message: 'It failed.' },
        ),
      ].join('\n'),
      whole,
    );
    expect(text).toBe('tool: a tool\nstopped: error\n  It failed.');
  });

  test('has no secrets, in whatever pieces they came, and what begins as a key hides no more than its own message', () => {
    const text = transcriptText(
      lines(
        { kind: 'prompt', text: '\u001b[31mUse ghp_abcdefghijklmnopqrstuvwxyz0123456789' },
        says('It is gh'),
        says('p_abcdefghijklmnopqrstuvwxyz0123456789, I think.'),
        update({
          sessionUpdate: 'tool_call',
          toolCallId: 'c',
          title: 'echo -----BEGIN PRIVATE KEY-----',
          kind: 'execute',
        }),
        says('-----BEGIN RSA PRIVATE KEY-----\nMIIE'),
        update({ sessionUpdate: 'tool_call', toolCallId: 'd', title: 'rm -rf src', kind: 'execute' }),
        { kind: 'stop', stopReason: 'end_turn' },
      ),
      whole,
    );
    expect(text.split('\n')).toEqual([
      'prompt:',
      '  Use ***',
      'agent:',
      '  It is ***, I think.',
      'execute: echo ***',
      'agent:',
      '  ***',
      'execute: rm -rf src',
      'stopped: end_turn',
    ]);
  });

  test('keeps messages of different ids apart, and the pieces of one together', () => {
    expect(transcriptText(lines(says('a', '1'), says('b', '1'), says('c', '2')), whole)).toBe(
      'agent:\n  ab\nagent:\n  c',
    );
  });

  test('shows the end of no tool that takes a page', () => {
    const content = [{ type: 'content', content: { type: 'text', text: 'x'.repeat(100_000) } }];
    const call = { sessionUpdate: 'tool_call', toolCallId: 'c', title: 'Read', status: 'completed', content };
    expect(transcriptText(lines(update(call)), whole).length).toBeLessThan(3_000);
  });
});
