import { describe, expect, test } from 'vitest';
import { renderTrackingIssue } from '../../../src/core/render/tracking-issue.ts';
import type { TaskView, TrackingIssueFacts, UndoView } from '../../../src/core/render/views.ts';
import { facts, fleet, NOON, plan, task } from './sample-fleet.ts';

const NAMES = ['a', 'b', 'c'];
const proposed = (name: string, number = 12): TaskView =>
  task(name, {
    status: 'completed',
    outcome: 'changed',
    endedAt: NOON,
    pullRequest: { number, url: `https://github.com/acme/${name}/pull/${number}` },
  });
const by = { id: 7, login: 'mona' };
const asked = (name: string, requestedAt = NOON) => ({ taskId: `t-${name}`, by, requestedAt, detail: null });
const undone = (name: string): UndoView => ({ ...asked(name), state: 'undone', remark: null });

function bodyOf(change: Partial<TrackingIssueFacts>, names: readonly string[] = NAMES): string {
  const ended = fleet({ plan: plan(names), endedAt: NOON });
  const tasks = names.map((name) => proposed(name));
  return renderTrackingIssue(facts({ fleet: ended, status: 'completed', tasks, ...change })).pages[0] ?? '';
}

describe('the tracking issue of a fleet that is undone', () => {
  test('says who asked when, what is under way, and what was left and why', () => {
    const body = bodyOf({
      undos: [
        undone('a'),
        { ...asked('b'), state: 'kept', reason: 'refused', detail: 'HTTP 403: <b>No.</b>' },
        { ...asked('c', NOON + 60_000), by: { id: 8, login: 'hubot' }, state: 'requested' },
      ],
    });
    expect(body).toContain('3 pull requests · 1 undone');
    expect(body).toContain('### Undo (3)');
    expect(body).toContain(
      '- [mona](https://github.com/mona) asked for it on 2026-03-04 12:00 UTC, of 2 pull requests: 1 closed, 1 left as it is',
    );
    expect(body).toContain('asked for it on 2026-03-04 12:01 UTC, of 1 pull request: 1 under way');
    expect(body).toMatch(/- \[acme\/b\]\([^)]*\) \[#12\]\([^)]*\): left as it is\. GitHub refused it\. HTTP 403: /);
    expect(body).not.toContain('<b>No.');
    expect(body).toContain('| ↩️ closed by undo | [#12]');
    expect(body).toContain('| ↩️ being closed | [#12]');
    expect(body).toContain('| ✅ changed | [#12]');
  });

  test('offers an undo only where something is left to undo', () => {
    expect(bodyOf({})).toContain('`/fleet undo` closes 3 pull requests and deletes the branches');
    expect(bodyOf({ undos: [undone('a')] })).toContain('`/fleet undo` closes 2 pull requests');
    const over = bodyOf({ undos: NAMES.map(undone) });
    expect(over).not.toMatch(/\/fleet undo|Review and merge/);
    expect(over).toContain('runs it anew and opens new pull requests');
    const merged = NAMES.map((name): UndoView => ({ ...asked(name), state: 'kept', reason: 'merged' }));
    expect(bodyOf({ undos: merged })).not.toContain('/fleet undo');
    expect(bodyOf({ supersededBy: { fleet: 'f-abcd2345', url: null } })).not.toContain('/fleet undo');
    expect(bodyOf({ fleet: fleet({ plan: plan(NAMES) }), status: 'running' })).not.toContain('/fleet undo');
  });

  test('keeps to the page however many were left', () => {
    const many = Array.from({ length: 1_200 }, (_, index) => `service-${index}`);
    const said = 'x'.repeat(2_000);
    const undos = many.map((name): UndoView => ({ ...asked(name), state: 'kept', reason: 'refused', detail: said }));
    const body = bodyOf({ undos }, many);
    expect(body.length).toBeLessThanOrEqual(65_000);
    expect(body).toContain('more repositories; the table names them.');
  });
});
