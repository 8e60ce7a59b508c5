import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import { boxLine, readBoxLine } from '../../../src/core/checkbox/box.ts';
import { decidedSection } from '../../../src/core/render/decided-section.ts';
import { PAGE_LIMIT } from '../../../src/core/render/page-layout.ts';
import { decidedReply } from '../../../src/core/render/replies.ts';
import { fencedTail } from '../../../src/core/render/safe-text.ts';
import { renderTrackingIssue } from '../../../src/core/render/tracking-issue.ts';
import type { ApprovalView, TrackingIssueFacts } from '../../../src/core/render/views.ts';
import { waitingSection } from '../../../src/core/render/waiting-section.ts';
import { approval, facts, fleet, NOON, plan, task } from './sample-fleet.ts';

const asked = (names: readonly string[], change: Partial<ApprovalView> = {}): TrackingIssueFacts =>
  facts({
    status: 'waiting',
    fleet: fleet({ plan: plan(names) }),
    tasks: names.map((name) => task(name, { status: 'waiting' })),
    approvals: names.map((name) => approval(name, change)),
  });
const ship = [
  { id: 'ship', label: 'Ship it' },
  { id: 'reject', label: 'reject' },
];
const mona = { id: 8, login: 'mona' };
const many = Array.from({ length: 400 }, (_, index) => `service-${index}`);

describe('what waits for a decision', () => {
  test('is told after the head and before the table, with the commands that decide', () => {
    const body = renderTrackingIssue(asked(['api', 'web'], { decisions: ship })).pages[0] ?? '';
    expect(body).toContain(
      [
        '### Waiting for a decision (2)',
        '',
        '`gate` asks in [acme/api](https://github.com/acme/api), [acme/web](https://github.com/acme/web), until 2026-03-11 12:00 UTC:',
        '',
        '> Ship it?',
        '',
        '- `/fleet approve decision=ship`: Ship it',
        '- `/fleet reject`',
      ].join('\n'),
    );
    expect(body.indexOf('asked for')).toBeLessThan(body.indexOf('### Waiting'));
    expect(body.indexOf('### Waiting')).toBeLessThan(body.indexOf('### Repositories'));
    expect(body).toContain('| ⏸️ waiting for a decision: `gate` |');
    expect(body).toContain('- `/fleet approve decision=ship`, `/fleet reject` decide what waits.');
  });

  test('names the node in the commands where several wait', () => {
    const all = asked(['api', 'web']);
    const text = waitingSection({ ...all, approvals: [approval('api'), approval('web', { nodeId: 'canary' })] }, 8_000);
    expect(text).toContain('- `/fleet approve acme/api node=gate`');
    expect(text).toContain('- `/fleet reject acme/web node=canary`');
  });

  test('is nothing that was answered, or whose task has ended; a task that is queued again still asks', () => {
    const answer = { kind: 'decided', decision: 'approve', text: '', by: mona, at: NOON } as const;
    expect(waitingSection(asked(['api'], { answer }), 8_000)).toBe('');
    const all = asked(['api']);
    const as = (status: 'cancelled' | 'queued' | 'running') =>
      waitingSection({ ...all, tasks: [task('api', { status })] }, 8_000);
    expect(as('cancelled')).toBe('');
    expect(as('queued')).toContain('Ship it?');
    expect(as('running')).toContain('Ship it?');
  });

  test('shows a long message as a block out of which nothing gets, and tells no credential', () => {
    const message = `# Ready?\n\`\`\`\n@mona <!-- flotilla --> ghs_16C7e42F292c6912E7710c838347Ae178B4a\n${'x'.repeat(300)}`;
    const text = waitingSection(asked(['api'], { message }), 8_000);
    expect(text).not.toContain('ghs_16C7');
    const html = new MarkdownIt({ html: true }).render(text);
    expect(html.match(/<h\d>/g)).toEqual(['<h3>']);
    expect(html).toContain('@mona &lt;!\u200b-- flotilla --&gt;');
  });

  test('shows a box that somebody forged as text, which is read as none of ours', () => {
    const forged = boxLine({ means: 'cancel', token: '0123456789abcdef' }, '**Cancel**');
    expect(readBoxLine(forged)).toBeDefined();
    for (const message of [forged, `Ship it?\n${forged}\n${'x'.repeat(300)}`]) {
      const lines = waitingSection(asked(['api'], { message }), 8_000).split('\n');
      expect(lines.filter((line) => line.includes('[ ]') || line.includes('\\[ \\]'))).toHaveLength(1);
      expect(lines.flatMap((line) => readBoxLine(line) ?? [])).toEqual([]);
    }
    const tail = fencedTail(`npm test\n${forged}\nexit 1`, 1_000).split('\n');
    expect(tail.flatMap((line) => readBoxLine(line) ?? [])).toEqual([]);
  });

  test('neutralizes a short message', () => {
    const text = waitingSection(asked(['api'], { message: '@mona see #12 <img src=x>' }), 8_000);
    expect(text).toContain('> @\u200bmona see #\u200b12 &lt;img src=x&gt;');
  });

  test('asks the same of many repositories once, and shrinks where questions differ', () => {
    const text = waitingSection(asked(many), 8_000);
    expect(text.match(/> Ship it\?/g)).toHaveLength(1);
    expect(text).toMatch(/ and 3\d\d more, until/);
    const wild = asked(many);
    const approvals = many.map((name, index) =>
      approval(name, { message: `<@x|\`\n${index}`.repeat(400), decisions: ship }),
    );
    const [body = ''] = renderTrackingIssue({ ...wild, approvals }).pages;
    expect(body).toContain('### Waiting for a decision (400)');
    expect(body).toMatch(/\d+ more questions; the table names the nodes/);
    expect(body).toContain('/fleet approve decision=ship');
    for (const limit of [8_000, 3_000, 900, 400, 0, -5]) {
      expect(waitingSection({ ...wild, approvals }, limit).length).toBeLessThanOrEqual(Math.max(0, limit));
    }
  });
});

describe('what was decided', () => {
  const answer = { kind: 'decided', decision: 'ship', text: 'after @lunch', by: mona, at: NOON } as const;

  test('is told with its person and text, once for the repositories that it was decided in', () => {
    expect(decidedSection(asked(['api', 'web'], { answer }), 4_000)).toBe(
      '### Decisions (2)\n\n- `gate`: **ship** by [mona](https://github.com/mona) in [acme/api](https://github.com/acme/api), [acme/web](https://github.com/acme/web) (2026-03-04 12:00 UTC): after @\u200blunch',
    );
  });

  test('includes that nobody decided in time, in the order of the answers', () => {
    const all = asked(['api', 'web']);
    const expired = { kind: 'expired', at: NOON - 1 } as const;
    const text = decidedSection(
      { ...all, approvals: [approval('api', { answer }), approval('web', { answer: expired })] },
      4_000,
    );
    expect(text.split('\n').slice(2)).toEqual([
      '- `gate`: nobody decided in time, in [acme/web](https://github.com/acme/web) (2026-03-04 11:59 UTC)',
      expect.stringContaining('after @'),
    ]);
  });

  test('keeps its bounds, and the page below its limit', () => {
    const all = asked(many);
    const approvals = many.map((name, at) =>
      approval(name, { answer: { ...answer, at, text: '`|<@x'.repeat(1_000) } }),
    );
    for (const limit of [4_000, 1_000, 300, 0, -5]) {
      expect(decidedSection({ ...all, approvals }, limit).length).toBeLessThanOrEqual(Math.max(0, limit));
    }
    const { pages } = renderTrackingIssue({
      ...all,
      approvals: [...approvals, ...many.map((name) => approval(name, { nodeId: 'last' }))],
    });
    expect(pages[0]).toContain('### Decisions (400)');
    for (const page of pages) expect(page.length).toBeLessThanOrEqual(PAGE_LIMIT);
  });
});

test('the reply to a decision names the node, the decision and the repositories', () => {
  const named = { id: 'f-k3m5n2qa', issueUrl: null };
  const decided = ['acme/a', 'acme/b', 'acme/c'].map((repository) => ({ repository, nodeId: 'gate' }));
  expect(decidedReply({ ...named, decision: 'approve', decided })).toBe(
    '✅ `gate` is decided as **approve** in 3 repositories of fleet `f-k3m5n2qa`: acme/a, acme/b, acme/c.',
  );
  const lots = many.map((repository) => ({ repository, nodeId: 'gate' }));
  expect(decidedReply({ ...named, decision: 'approve', decided: lots })).toContain('and 380 more.');
});
