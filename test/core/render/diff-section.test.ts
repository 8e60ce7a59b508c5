import { describe, expect, test } from 'vitest';
import { DIFF_PAGES } from '../../../src/core/render/diff-section.ts';
import { DIFF_LIMIT } from '../../../src/core/render/diff-text.ts';
import { renderFinalComment } from '../../../src/core/render/final-comment.ts';
import { PAGE_LIMIT } from '../../../src/core/render/page-layout.ts';
import { renderTrackingIssue } from '../../../src/core/render/tracking-issue.ts';
import type { PatchView, TrackingIssueFacts } from '../../../src/core/render/views.ts';
import { changed, facts, fleet, NOON, plan, task } from './sample-fleet.ts';

const flags = { ...plan([]).flags, preview: true };
const patch = (taskIds: readonly string[], diff = '-1.0\n+2.0', change: Partial<PatchView> = {}): PatchView => ({
  taskIds,
  files: [{ path: 'VERSION', added: 1, deleted: 1 }],
  diff,
  truncated: false,
  ...change,
});
const prepared = (name: string) =>
  task(name, { status: 'completed', outcome: 'prepared', reason: '1 file, +1 −1', endedAt: NOON });

function preview(names: readonly string[], shown: readonly PatchView[], more: Partial<TrackingIssueFacts> = {}) {
  return facts({
    fleet: fleet({ plan: plan(names, { flags }), endedAt: NOON }),
    status: 'completed',
    tasks: names.map(prepared),
    patches: { shown, unread: 0 },
    ...more,
  });
}

describe('a preview in the tracking issue', () => {
  test('shows a short diff on its first page, once for all repositories that have it', () => {
    const { pages, close } = renderTrackingIssue(preview(['a', 'b', 'c', 'd'], [patch(['t-a', 't-b', 't-c', 't-d'])]));
    expect(pages).toHaveLength(1);
    expect(pages[0]).toContain('| 📝 prepared: 1 file, +1 −1 |');
    expect(pages[0]).toContain(
      [
        '### Diffs (1)',
        '',
        '<details><summary>acme/a, acme/b, acme/c and 1 more: 1 file, +1 −1</summary>',
        '',
        'The same in [acme/a](https://github.com/acme/a), [acme/b](https://github.com/acme/b), [acme/c](https://github.com/acme/c), [acme/d](https://github.com/acme/d).',
        '',
        '```diff',
        '-1.0',
        '+2.0',
        '```',
        '',
        '</details>',
      ].join('\n'),
    );
    expect(close, 'people review it').toBeNull();
  });

  test('shows longer ones on pages of their own, each within what GitHub takes', () => {
    const names = Array.from({ length: 7 }, (_, index) => `s${index}`);
    const files = Array.from({ length: 300 }, (_, at) => ({ path: `${at}${'p'.repeat(400)}`, added: 1, deleted: 0 }));
    const shown = names.map((name) =>
      patch([`t-${name}`], 'x'.repeat(DIFF_LIMIT), { files, truncated: name === 's0' }),
    );
    const { pages } = renderTrackingIssue(preview(names, shown));
    expect(pages[0]).toContain('7 different diffs stand in the comments below.');
    expect(pages.slice(1).map((page) => page.split('\n')[0])).toEqual([
      '### Diffs, 1',
      '### Diffs, 2–3',
      '### Diffs, 4–5',
      '### Diffs, 6–7',
    ]);
    for (const page of pages) expect(page.length).toBeLessThanOrEqual(PAGE_LIMIT);
    expect(pages[1]).toContain('The diff is too long to be shown whole. Files:');
    expect(pages[1]).toContain(' | +1 −0\n…\n```');
  });

  test('says of how many repositories it cannot show the diffs', () => {
    const names = Array.from({ length: 60 }, (_, index) => `s${index}`);
    const shown = names.slice(0, 50).map((name) => patch([`t-${name}`], 'x'.repeat(DIFF_LIMIT)));
    const { pages } = renderTrackingIssue(preview(names, shown, { patches: { shown, unread: 10 } }));
    expect(pages).toHaveLength(1 + DIFF_PAGES);
    expect(pages[0]).toContain('Those of 20 repositories are too many to be shown');
  });

  test('says what can be done with it, as long as it can', () => {
    const all = preview(['a', 'b'], [patch(['t-a', 't-b'])]);
    const PUBLISH = '`/fleet publish` opens the pull requests of what is prepared (2 repositories)';
    expect(renderTrackingIssue(all).pages[0]).toContain(PUBLISH);
    expect(renderTrackingIssue(all).pages[0]).toContain('**Preview:** everything runs');
    expect(renderTrackingIssue(all).pages[0]).toContain('--preview` previews it anew;');
    expect(renderFinalComment(all)).toContain('Nothing was pushed in 2 repositories: the diffs stand above.');

    const later = { ...all, supersededBy: { fleet: 'f-abcd2345', url: null } };
    expect(renderTrackingIssue(later)).toMatchObject({ close: 'not_planned' });
    expect(renderTrackingIssue(later).pages[0]).not.toContain('/fleet publish` opens');

    const published = preview(['a'], [], { tasks: [changed('a', 3)] });
    expect(renderTrackingIssue(published).close).toBe('completed');
    expect(renderTrackingIssue(published).pages[0]).toContain('- Review and merge the pull requests.');
    expect(renderTrackingIssue(published).pages[0]).not.toContain('Diffs');
  });
});
