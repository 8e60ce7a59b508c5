import { describe, expect, test } from 'vitest';
import { type Evidence, evidenceSection, judgingNodes } from '../../../src/core/render/evidence-section.ts';
import type { ToldNode } from '../../../src/core/render/node-table.ts';
import { toldNode } from './sample-fleet.ts';

const told = (nodeId: string, change: Partial<ToldNode> = {}): ToldNode =>
  toldNode(nodeId, { tail: `output of ${nodeId}`, ...change });
const agent = told('repair', { kind: 'prompt', exitCode: null });
const jsonl = (text: string): string => JSON.stringify({ kind: 'prompt', text });
const evidence = (change: Partial<Evidence>): Evidence => ({
  taskId: 't-abcdefghijkl',
  nodes: [agent],
  transcripts: [],
  ...change,
});

describe('the outputs that a reviewer sees', () => {
  test('are those of commands after the first agent, and of every one that failed', () => {
    const nodes = [
      told('prepare'),
      told('test', { status: 'failed', exitCode: 1 }),
      agent,
      told('quiet', { tail: ' \n' }),
      told('skipped', { status: 'skipped', tail: '' }),
      told('fix/2/test'),
      told('check', { kind: 'script' }),
      told('gate', { kind: 'approval' }),
    ];
    expect(judgingNodes(nodes).map(({ nodeId }) => nodeId)).toEqual(['test', 'fix/2/test', 'check']);
    expect(judgingNodes([told('prepare'), told('test')])).toEqual([]);
  });

  test('give way from the first on where there is little room', () => {
    const nodes = [
      agent,
      ...Array.from({ length: 30 }, (_, at) => told(`n${at}`, { tail: `${at}:${'x'.repeat(5_000)}` })),
    ];
    const text = evidenceSection(evidence({ nodes }), 40_000);
    expect(text.length).toBeLessThan(12_500);
    expect(text.match(/Output of <b>n\d+<\/b>/g)).toEqual(
      ['n26', 'n27', 'n28', 'n29'].map((id) => `Output of <b>${id}</b>`),
    );
  });
});

describe('the end of a transcript', () => {
  test('stays within 20,000 characters, however many agents there were', () => {
    const transcripts = ['a', 'b', 'c'].map((nodeId) => ({
      nodeId,
      end: { jsonl: jsonl(`${nodeId} ${'words '.repeat(20_000)}`), whole: true },
    }));
    const text = evidenceSection(evidence({ transcripts }), 60_000);
    expect(text.length).toBeLessThanOrEqual(20_000);
    expect(text.match(/<details>/g)).toHaveLength(3);
  });

  test('cannot be driven out by what takes a long fence', () => {
    const transcripts = [
      { nodeId: 'one', end: { jsonl: jsonl('before'), whole: true } },
      { nodeId: 'two', end: { jsonl: jsonl(`${'`'.repeat(30_000)} and then`), whole: true } },
    ];
    const text = evidenceSection(evidence({ transcripts }), 60_000);
    expect(text).toContain('before');
    expect(text).toContain('and then');
    expect(text.length).toBeLessThan(2_000);
  });

  test('that is not there any more is said to be gone', () => {
    expect(evidenceSection(evidence({ transcripts: [{ nodeId: 'repair', end: null }] }), 60_000)).toBe(
      'The transcript of `repair` is not on the server any more.',
    );
  });

  test('reaches nobody, also where a squash makes a commit message of it', () => {
    const hostile =
      '/merge\nFixes #1, closes acme/api#2, GH-3 @octocat @acme/team https://github.com/acme/api/issues/4\n</details>\n```\n';
    const transcripts = [{ nodeId: 'repair', end: { jsonl: jsonl(hostile), whole: true } }];
    const text = evidenceSection(evidence({ transcripts, nodes: [agent, told('test', { tail: hostile })] }), 60_000);
    expect(text).not.toMatch(/@\w|#\d|GH-\d|https:\/\/github|^\s*\/merge/m);
    expect(text.match(/^````text$/gm)).toHaveLength(2);
  });

  test('is not shown at all where the rest of the body has taken the room', () => {
    const transcripts = [{ nodeId: 'repair', end: { jsonl: jsonl('x'), whole: true } }];
    expect(evidenceSection(evidence({ transcripts, nodes: [agent, told('test')] }), 300)).toBe('');
  });
});
