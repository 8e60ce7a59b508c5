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
    expect(html.match(/<details>/g)).toHaveLength(2);
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
      nodes: new Map(tasks.map((t) => [t.id, [node('test', { status: 'failed', exitCode: 1, tail: wild })]])),
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
    expect(pages.length).toBeLessThanOrEqual(16);
    expect(pages[0]).toContain('The list goes on');
  });

  test('a large fleet tells its failures before its table', () => {
    const body = renderTrackingIssue(many(60, failed)).pages[0] ?? '';
    expect(body.indexOf('### Failures')).toBeLessThan(body.indexOf('### Repositories'));
  });
});

describe('what waits', () => {
  const waiting = (change: Partial<TrackingIssueFacts>): string => {
    const tasks = change.tasks ?? [];
    const names = tasks.map((one) => one.repository.replace('acme/', ''));
    return renderTrackingIssue(facts({ fleet: fleet({ plan: plan(names) }), ...change })).pages[0] ?? '';
  };
  const rowOf = (body: string, name: string): string | undefined =>
    body.split('\n').find((line) => line.startsWith(`| [acme/${name}]`));
  const parked = (name: string, notBefore: number): TaskView => task(name, { publishingAt: NOON - MINUTE, notBefore });

  test('for its turn has its place in the queue', () => {
    const body = waiting({
      tasks: [parked('paced', NOON), ...Array.from({ length: 24 }, (_, index) => task(`s${index + 1}`))],
    });
    expect(rowOf(body, 's1')).toContain('🕓 queued, 1st of 24 |');
    expect(rowOf(body, 's3')).toContain('🕓 queued, 3rd of 24 |');
    expect(rowOf(body, 's24')).toContain('🕓 queued |');
    expect(rowOf(body, 'paced')).toContain('⏳ pull request is next');
    expect(body).toContain('1 waiting for GitHub · 24 queued');
    expect(body).not.toContain('paced by');
  });

  test('for the limits says until when, and the head when all is done', () => {
    const tasks = [parked('one', NOON + 61 * 1_000), parked('two', NOON + 31 * MINUTE), parked('three', NOON + MINUTE)];
    const publishing = { paced: new Set(['t-one', 't-two']), doneAt: NOON + 100 * MINUTE };
    const body = waiting({ tasks, publishing });
    expect(rowOf(body, 'one')).toContain("⏳ pull request waits for GitHub's limits until about 12:02 UTC");
    expect(rowOf(body, 'two')).toContain("⏳ pull request waits for GitHub's limits until about 12:35 UTC");
    expect(rowOf(body, 'three')).toContain("⏳ pull request waits for GitHub's answer until about 12:01 UTC");
    expect(body.split('### Repositories')[0]).toContain(
      "3 waiting for GitHub · paced by GitHub's limits, done at about 13:40 UTC",
    );
  });

  test('for a limit before it has begun says until when', () => {
    const body = waiting({ tasks: [task('early', { notBefore: NOON + MINUTE })] });
    expect(rowOf(body, 'early')).toContain('🕓 queued, not before 12:01 UTC');
  });
});

describe('two thousand repositories', () => {
  const SIZE = 2_000;
  const names = Array.from({ length: SIZE }, (_, index) => `payments-service-number-${index}`);
  const large = (tasks: readonly TaskView[], change: Partial<TrackingIssueFacts> = {}): TrackingIssueFacts =>
    facts({ fleet: fleet({ plan: plan(names, { parallel: null }) }), tasks, ...change });
  const wild = `<&|> ${'`x|y` '.repeat(40)}`;
  const ended = (name: string, index: number): TaskView =>
    index % 3 === 0
      ? task(name, {
          status: 'failed',
          category: index % 2 === 0 ? 'command' : 'timeout',
          reason: `Node \`test\` of ${name} ended with status 1 after ${'a long while '.repeat(20)}`,
          warnings: ['Label `dependencies` does not exist and was not set.'],
          workspace: `/data/workspaces/f-k3m5n2qa/acme/${name}`,
          startedAt: NOON,
          endedAt: NOON + MINUTE,
        })
      : changed(name, 1_234_567, {
          reason: index % 7 === 0 ? wild : 'Already up to date; nothing was pushed.',
          endedAt: NOON + 61_000,
        });
  const rowsOf = (page: string): string[] => page.split('\n').filter((line) => line.startsWith('| [acme/'));
  const differing = (before: readonly string[], after: readonly string[]): number[] =>
    after.flatMap((page, index) => (page === before[index] ? [] : [index]));

  test('only the page whose rows changed is written again, and the head', () => {
    const tasks = names.map((name) => task(name, { status: 'running', startedAt: NOON }));
    let before = renderTrackingIssue(large(tasks)).pages;
    const first = rowsOf(before[0] ?? '').length;
    for (let index = first; index < first + 60; index += 1) {
      tasks[index] = ended(names[index] ?? '', index);
      const after = renderTrackingIssue(large(tasks)).pages;
      expect(after).toHaveLength(before.length);
      expect(differing(before, after)).toEqual([0, 1]);
      before = after;
    }
    tasks[0] = ended(names[0] ?? '', 0);
    expect(differing(before, renderTrackingIssue(large(tasks)).pages)).toEqual([0]);
  });

  test('a start moves the places of the next ones only', () => {
    const tasks = names.map((name) => task(name));
    const before = renderTrackingIssue(large(tasks)).pages;
    tasks[0] = task(names[0] ?? '', { status: 'running', startedAt: NOON });
    expect(differing(before, renderTrackingIssue(large(tasks)).pages)).toEqual([0]);
  });

  test('each row stays on its page from the plan to the end', () => {
    const pagesOf = (all: TrackingIssueFacts): string[][] =>
      renderTrackingIssue(all).pages.map(
        (page) => page.match(/(?<=\[acme\/)payments-service-number-\d+(?=\]\([^)]*\) \|)/g) ?? [],
      );
    const planned = pagesOf(
      large(
        names.map((name) => task(name)),
        { status: 'planned' },
      ),
    );
    const first = new Set(planned[0]);
    const over = pagesOf(large(names.map(ended), { status: 'partial' }));
    expect(over.slice(1)).toEqual(planned.slice(1));
    expect(new Set(over[0])).toEqual(first);
  });

  test('are rendered in less than a tenth of a second, all running or all ended', () => {
    const tail = `${' '.repeat(4_000)}${'x\r'.repeat(2_000)}`;
    const all = [
      large(names.map((name) => task(name, { status: 'running', startedAt: NOON }))),
      large(names.map(ended), {
        status: 'partial',
        nodes: new Map(names.map((name) => [`t-${name}`, [node('test', { status: 'failed', exitCode: 1, tail })]])),
      }),
    ];
    for (const one of all) {
      renderTrackingIssue(one);
      const times = Array.from({ length: 5 }, () => {
        const before = process.cpuUsage();
        renderTrackingIssue(one);
        const { user, system } = process.cpuUsage(before);
        return (user + system) / 1_000;
      });
      expect(Math.min(...times)).toBeLessThan(100);
    }
  });
});
