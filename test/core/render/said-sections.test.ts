import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import { PAGE_LIMIT } from '../../../src/core/render/page-layout.ts';
import { cancelSection, reportSection } from '../../../src/core/render/said-sections.ts';
import { renderTrackingIssue } from '../../../src/core/render/tracking-issue.ts';
import type { TaskView, TrackingIssueFacts } from '../../../src/core/render/views.ts';
import { facts, fleet, NOON, node, plan, task } from './sample-fleet.ts';

const sample = plan([]);
const reporting = { ...sample, workflow: { ...sample.workflow, opensPullRequests: false } };
const reports = (tasks: readonly TaskView[], asked = reporting): TrackingIssueFacts =>
  facts({ status: 'completed', fleet: fleet({ plan: asked, endedAt: NOON }), tasks });
const report = (name: string, reason: string | null): TaskView =>
  task(name, { status: 'completed', outcome: 'unchanged', reason });
const cancel = (name: string, reason: string): TaskView =>
  task(name, { status: 'cancelled', category: 'cancelled', reason });
const withCancel = (tasks: readonly TaskView[]): TrackingIssueFacts =>
  facts({
    status: 'cancelled',
    fleet: fleet({ endedAt: NOON }),
    tasks,
    nodes: new Map(tasks.map(({ id }) => [id, [node('stop', { kind: 'cancel', status: 'running', endedAt: null })]])),
  });

describe('reports', () => {
  const long = `3 tests failed\n${'not ok 1 - adds up\n'.repeat(40)}the last line`;

  test('are told whole, a long one folded and a short one in its line', () => {
    const text = reportSection(
      reports([report('api', long), report('web', '12 tests passed'), report('mute', null)]),
      9_000,
    );
    expect(text).toContain('### Reports (2)');
    expect(text).toContain('- [acme/web](https://github.com/acme/web): 12 tests passed');
    expect(text).toContain('  <details><summary>Report</summary>\n\n  ```text\n  3 tests failed\n');
    expect(text).toContain('  the last line\n');
    const html = new MarkdownIt({ html: true }).render(text);
    expect(html.match(/<details>/g)).toHaveLength(1);
    expect(html.match(/<\/details>/g)).toHaveLength(1);
  });

  test('of fleets with pull requests, and of repositories that the workflow does not apply to, are none', () => {
    expect(reportSection(reports([report('api', 'Up to date.')], sample), 9_000)).toBe('');
    const other = task('api', { status: 'completed', outcome: 'not_applicable', reason: '`only_if` said no.' });
    expect(reportSection(reports([other]), 9_000)).toBe('');
  });

  test('get out of no fold and tell no credential', () => {
    const text = reportSection(
      reports([report('api', '</details>\n```\n@mona ghs_16C7e42F292c6912E7710c838347Ae178B4a')]),
      9_000,
    );
    expect(text).not.toContain('ghs_16C7');
    expect(new MarkdownIt({ html: true }).render(text).match(/<\/details>/g)).toHaveLength(1);
  });

  test('shrink and give way where there are many, and the page stays below its limit', () => {
    const many = Array.from({ length: 400 }, (_, index) => report(`service-${index}`, `<@x|\`\n${long}`.repeat(20)));
    const [body = '', ...further] = renderTrackingIssue(reports(many)).pages;
    expect(body).toContain('### Reports (400)');
    expect(body).toMatch(/- \d+ more repositories; the table names them\./);
    expect(body.indexOf('### Reports')).toBeLessThan(body.indexOf('### Repositories'));
    for (const page of [body, ...further]) expect(page.length).toBeLessThanOrEqual(PAGE_LIMIT);
    for (const limit of [16_000, 4_000, 900, 100, 0, -5]) {
      expect(reportSection(reports(many), limit).length).toBeLessThanOrEqual(Math.max(0, limit));
    }
  });
});

describe('reasons of a cancel', () => {
  test('are told, by repository', () => {
    const body = renderTrackingIssue(withCancel([cancel('api', 'This repository is `frozen`.')])).pages[0];
    expect(body).toContain(
      '### Cancelled by the workflow (1)\n\n- [acme/api](https://github.com/acme/api): This repository is `frozen`.',
    );
  });

  test('are none where a person cancelled, or where the node was skipped or not reached', () => {
    const tasks = [cancel('api', 'mona cancelled the fleet.')];
    expect(cancelSection({ ...withCancel(tasks), nodes: new Map() }, 9_000)).toBe('');
    const skipped = node('stop', { kind: 'cancel', status: 'skipped' });
    expect(cancelSection({ ...withCancel(tasks), nodes: new Map([['t-api', [skipped]]]) }, 9_000)).toBe('');
  });
});
