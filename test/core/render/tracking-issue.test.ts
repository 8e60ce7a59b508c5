import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import { renderFinalComment } from '../../../src/core/render/final-comment.ts';
import { PAGE_LIMIT } from '../../../src/core/render/page-layout.ts';
import { renderTrackingIssue } from '../../../src/core/render/tracking-issue.ts';
import type { TaskView, TrackingIssueFacts } from '../../../src/core/render/views.ts';
import { changed, facts, fleet, NOON, node, partialFleet, plan, task } from './sample-fleet.ts';

const MINUTE = 60_000;

const running = (): TrackingIssueFacts =>
  facts({
    status: 'running',
    fleet: fleet({ plan: plan(['service-api', 'service-auth', 'service-mail']) }),
    tasks: [
      changed('service-api', 12),
      task('service-auth', { status: 'running', startedAt: NOON }),
      task('service-mail'),
    ],
  });

const planned = (): TrackingIssueFacts => {
  const names = Array.from({ length: 30 }, (_, index) => `service-${String(index + 1).padStart(2, '0')}`);
  return facts({
    status: 'planned',
    fleet: fleet({ plan: plan(names), approvedAt: null, expiresAt: NOON + 24 * 60 * MINUTE }),
    tasks: names.map((name) => task(name)),
  });
};

const completed = (): TrackingIssueFacts =>
  facts({
    status: 'completed',
    fleet: fleet({
      door: 'dispatch',
      origin: null,
      sender: { id: 9, login: 'github-actions[bot]' },
      plan: plan(['service-api', 'service-auth']),
      endedAt: NOON + MINUTE,
    }),
    tasks: [
      changed('service-api', 12),
      task('service-auth', {
        status: 'completed',
        outcome: 'declined',
        reason: 'Pull request #3 was closed by hubot.',
      }),
    ],
  });

const cancelled = (): TrackingIssueFacts =>
  facts({
    status: 'cancelled',
    fleet: fleet({ cancelRequestedAt: NOON + MINUTE, endedAt: NOON + MINUTE }),
    tasks: [task('service-api', { status: 'cancelled', category: 'cancelled', reason: 'Cancelled by octocat.' })],
  });

const textOf = (all: TrackingIssueFacts): string => {
  const { title, pages, close } = renderTrackingIssue(all);
  return [`${title}\nclose: ${close}`, ...pages, `FINAL COMMENT\n\n${renderFinalComment(all)}`].join('\n\n=====\n\n');
};

describe('the tracking issue at one look', () => {
  test.each([
    ['running', running()],
    ['planned', planned()],
    ['partial', partialFleet()],
    ['completed', completed()],
    ['cancelled', cancelled()],
  ])('%s', async (name, all) => {
    await expect(`${textOf(all)}\n`).toMatchFileSnapshot(`snapshots/tracking-issue-${name}.txt`);
  });

  test('is read as tables, lists and folds, and nothing escapes from an output', () => {
    const html = new MarkdownIt({ html: true }).render(renderTrackingIssue(partialFleet()).pages[0] ?? '');
    expect(html.match(/<table>/g)).toHaveLength(2);
    expect(html.match(/<tbody>[\s\S]*?<\/tbody>/)?.[0].match(/<tr>/g)).toHaveLength(8);
    expect(html.match(/<details>/g)).toHaveLength(1);
    expect(html).not.toContain('ghs_16C7');
  });
});

describe('its end', () => {
  test('closes what completed or was cancelled, and leaves the rest open', () => {
    expect(renderTrackingIssue(completed()).close).toBe('completed');
    expect(renderTrackingIssue(cancelled()).close).toBe('not_planned');
    expect(renderTrackingIssue(partialFleet()).close).toBeNull();
    expect(renderTrackingIssue(running()).close).toBeNull();
  });

  test('a superseded fleet points to its successor and is closed', () => {
    const supersededBy = { fleet: 'f-bbbbbbbb', url: 'https://github.com/acme/platform/issues/99' };
    const { pages, close } = renderTrackingIssue({ ...partialFleet(), supersededBy });
    expect(pages[0]).toContain('Superseded by [f-bbbbbbbb](https://github.com/acme/platform/issues/99)');
    expect(close).toBe('not_planned');
  });

  test('an expired plan says so', () => {
    const { pages } = renderTrackingIssue({
      ...planned(),
      status: 'cancelled',
      fleet: fleet({ approvedAt: null, expiresAt: NOON + 1, cancelRequestedAt: NOON + 1, endedAt: NOON + 1 }),
    });
    expect(pages[0]).toContain('Nobody approved the plan in time');
  });
});

describe('its size', () => {
  const wild = '🟥`|<!--\n@x#1'.repeat(2_000);
  const many = (count: number, make: (name: string, index: number) => TaskView): TrackingIssueFacts => {
    const names = Array.from({ length: count }, (_, index) => `repository-with-a-rather-long-name-${index}`);
    const tasks = names.map(make);
    return facts({
      status: 'partial',
      tasks,
      fleet: fleet({ plan: plan(names), endedAt: NOON + MINUTE }),
      nodes: new Map(
        tasks.map((t) => [t.id, [node(t.id.slice(2), 'test', { status: 'failed', exitCode: 1, tail: wild })]]),
      ),
    });
  };
  const failed = (name: string): TaskView =>
    task(name, { status: 'failed', category: 'command', reason: wild, warnings: [wild, wild], workspace: wild });

  test.each([
    ['300 that changed', many(300, (name, index) => changed(name, index))],
    ['2,000 that failed with wild reasons', many(2_000, failed)],
    [
      'wild names, inputs and left-out repositories',
      facts({
        status: 'planned',
        fleet: fleet({
          approvedAt: null,
          branch: wild,
          plan: plan([wild], {
            inputs: { note: wild, other: wild },
            leftOut: Array.from({ length: 3_000 }, () => ({
              repositoryId: 1,
              repository: wild,
              reason: 'excluded' as const,
              detail: wild,
            })),
          }),
        }),
        tasks: [task(wild)],
      }),
    ],
  ])('no page is above the limit: %s', (_, all) => {
    const { title, pages } = renderTrackingIssue(all);
    expect(title.length).toBeLessThanOrEqual(255);
    expect(title).not.toContain('\n');
    for (const page of pages) expect(page.length).toBeLessThanOrEqual(PAGE_LIMIT);
  });

  test('every repository stands on exactly one page, at most 300 on each', () => {
    const { pages } = renderTrackingIssue(many(2_000, (name, index) => changed(name, index)));
    const rows = pages.map((page) => page.match(/^\| \[acme\/repository/gm)?.length ?? 0);
    expect(rows.reduce((sum, count) => sum + count, 0)).toBe(2_000);
    expect(Math.max(...rows)).toBeLessThanOrEqual(300);
    expect(pages.length).toBeLessThanOrEqual(9);
    expect(pages[0]).toContain('The list goes on');
  });

  test('a large fleet tells its failures before its table', () => {
    const body = renderTrackingIssue(many(60, failed)).pages[0] ?? '';
    expect(body.indexOf('### Failures')).toBeLessThan(body.indexOf('### Repositories'));
  });
});
