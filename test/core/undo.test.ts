import { describe, expect, test } from 'vitest';
import { decideUndo, isUndoable, type UndoDecision, type UndoFacts, type UndoState } from '../../src/core/undo.ts';

const bot = { login: 'flotilla[bot]' };
const mona = { login: 'mona' };
type Pull = UndoFacts['pulls'][number];
const open: Pull = { number: 7, state: 'open', merged: false, closedBy: null };
const byUs: Pull = { ...open, state: 'closed', closedBy: bot };
const byMona: Pull = { ...open, state: 'closed', closedBy: mona };
const other: Pull = { ...open, number: 9 };
const keep = (reason: string) => ({ action: 'keep', reason });

describe('of a pull request', () => {
  test.each<[string, readonly Pull[], string | null, object]>([
    ['open with our head: closed and deleted', [open], 'ours', { close: true, head: 'ours', remark: null }],
    ['open without a branch: closed', [open], null, { close: true, head: null, remark: null }],
    ['closed by us before a crash: deleted', [byUs], 'ours', { close: false, head: 'ours', remark: null }],
    ['closed and deleted by us: done', [byUs], null, { close: false, head: null, remark: null }],
    [
      'closed by a person: deleted, and told',
      [byMona],
      'ours',
      { close: false, head: 'ours', remark: 'closed_before' },
    ],
    [
      'closed by whoever GitHub does not name',
      [{ ...byUs, closedBy: null }],
      null,
      { close: false, head: null, remark: 'closed_before' },
    ],
    [
      'closed by us, and somebody committed then',
      [byUs],
      'theirs',
      { close: false, head: null, remark: 'branch_left' },
    ],
    ['merged', [{ ...byMona, merged: true }], 'ours', keep('merged')],
    ['not there', [other], 'ours', keep('gone')],
    ['with a commit that we did not push', [open], 'theirs', keep('moved')],
    ['with a push of another fleet', [open], 'foreign', keep('taken')],
    ['whose branch another open one shows', [other, open], 'ours', keep('shared')],
    ['whose branch another closed one showed', [{ ...other, state: 'closed' }, open], 'ours', { close: true }],
    ['closed by a person, whose branch has their commit', [byMona], 'theirs', keep('moved')],
  ])('%s', (_, pulls, head, expected) => {
    const pushes = new Map([
      ['ours', { foreign: false }],
      ['foreign', { foreign: true }],
    ]);
    const decision: UndoDecision = decideUndo({ number: 7, pulls, head, pushes, taken: false, botLogin: bot.login });
    expect(decision).toMatchObject(expected);
  });

  test('that a later fleet found its own result in is left, and one that we closed before is only finished', () => {
    const facts = { number: 7, head: 'ours', pushes: new Map([['ours', { foreign: false }]]), taken: true };
    const decide = (pull: UndoFacts['pulls'][number]) => decideUndo({ ...facts, pulls: [pull], botLogin: bot.login });
    expect(decide(open)).toEqual(keep('taken'));
    expect(decide(byUs)).toMatchObject({ action: 'undo', close: false, head: null });
  });
});

describe('what can be asked for', () => {
  const changed = { id: 't', status: 'completed', outcome: 'changed', pullRequest: {} } as const;

  test('is what a fleet proposed or found obsolete, and not what a person declined', () => {
    expect(isUndoable(changed, undefined)).toBe(true);
    expect(isUndoable({ ...changed, outcome: 'unchanged' }, undefined)).toBe(true);
    expect(isUndoable({ ...changed, pullRequest: null }, undefined)).toBe(false);
    expect(isUndoable({ ...changed, outcome: 'declined' }, undefined)).toBe(false);
    expect(isUndoable({ ...changed, status: 'queued', outcome: null }, undefined)).toBe(false);
  });

  test.each<[UndoState, boolean]>([
    [{ state: 'requested' }, false],
    [{ state: 'undone', remark: null }, false],
    [{ state: 'kept', reason: 'merged' }, false],
    [{ state: 'kept', reason: 'gone' }, false],
    [{ state: 'kept', reason: 'moved' }, true],
    [{ state: 'kept', reason: 'unreachable' }, true],
  ])('once more after %j: %s', (asked, expected) => {
    expect(isUndoable(changed, asked)).toBe(expected);
  });
});
