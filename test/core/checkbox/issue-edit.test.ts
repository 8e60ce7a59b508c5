import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boxLine, readBoxLine } from '../../../src/core/checkbox/box.ts';
import { commandOfBox } from '../../../src/core/checkbox/box-command.ts';
import { issueTextDigest, readIssueChange } from '../../../src/core/checkbox/issue-edit.ts';

const APPROVE = { means: 'approve:gate', token: '0123456789abcdef' } as const;
const CANCEL = { means: 'cancel', token: 'fedcba9876543210' } as const;
const OURS = [
  '<!-- flotilla:1 effect=e-1 -->',
  '## It waits',
  '',
  boxLine(APPROVE, '**Approve**: releases wave 2'),
  boxLine(CANCEL, '**Cancel**: ends what is left'),
  '',
  '| a | b |',
].join('\n');
const tick = (text: string, box: { means: string }): string =>
  text
    .split('\n')
    .map((line) => (line.includes(`flotilla:box ${box.means} `) ? line.replace('[ ]', '[x]') : line))
    .join('\n');

describe('an edit of a tracking issue', () => {
  test('that ticks exactly one box is that box, whatever ends the lines', () => {
    const change = { kind: 'tick', box: APPROVE };
    expect(readIssueChange(OURS, tick(OURS, APPROVE))).toEqual(change);
    expect(readIssueChange(OURS, tick(OURS, APPROVE).replaceAll('\n', '\r\n'))).toEqual(change);
    expect(readIssueChange(`${OURS}\r\n`, tick(OURS, APPROVE))).toEqual(change);
    expect(readIssueChange(OURS, tick(OURS, CANCEL))).toEqual({ kind: 'tick', box: CANCEL });
  });

  test.each([
    ['two boxes', OURS, tick(tick(OURS, APPROVE), CANCEL), 'boxes'],
    ['a box beside one that is ticked already', tick(OURS, CANCEL), tick(tick(OURS, CANCEL), APPROVE), 'tick'],
    ['a box unticked', tick(OURS, APPROVE), OURS, 'boxes'],
    ['a box and other words', OURS, tick(OURS, APPROVE).replace('waits', 'runs'), 'boxes'],
    ['a box with other words of its own', OURS, tick(OURS, APPROVE).replace('wave 2', 'wave 3'), 'boxes'],
    ['a box with another token', OURS, tick(OURS, APPROVE).replace('0123', '0124'), 'boxes'],
    ['a box with a capital X', OURS, OURS.replace('[ ] **Approve', '[X] **Approve'), 'boxes'],
    ['a box that stands there twice', `${OURS}\n${boxLine(APPROVE, 'x')}`, tick(OURS, APPROVE), 'boxes'],
    ['a box removed', OURS, OURS.split('\n').toSpliced(3, 1).join('\n'), 'boxes'],
    ['a box added', OURS, `${OURS}\n${boxLine(CANCEL, 'x')}`, 'boxes'],
    ['a line moved', OURS, OURS.split('\n').toReversed().join('\n'), 'boxes'],
    ['other words', OURS, OURS.replace('waits', 'runs'), 'text'],
    ['somebody else a task list', OURS.replace('| a', '- [ ] a'), OURS.replace('| a', '- [x] a'), 'text'],
    ['all text', OURS, '', 'boxes'],
    ['nothing', OURS, OURS, 'text'],
  ])('that ticks %s', (_, from, to, kind) => {
    expect(readIssueChange(from, to).kind).toBe(kind);
  });

  test('of a box that stands there twice is none', () => {
    const twice = `${OURS}\n${boxLine(APPROVE, 'another one')}`;
    expect(readIssueChange(twice, twice.replace('- [ ] **Approve', '- [x] **Approve')).kind).toBe('boxes');
  });

  test('that is anything but one tick is no intent', () => {
    const place = fc.nat(OURS.length);
    const words = fc.oneof(fc.string(), fc.constantFrom('x', ' ', '\n', '[x]', '- [x] ', '-->', boxLine(CANCEL, 'x')));
    const splice = fc.tuple(place, fc.nat(6), words);
    const edit = fc.array(splice, { minLength: 1, maxLength: 4 });
    const ticks = [APPROVE, CANCEL].map((box) => tick(OURS, box));
    fc.assert(
      fc.property(edit, fc.constantFrom(OURS, ...ticks), (splices, start) => {
        const to = splices.reduce((text, [at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut), start);
        const seen = to.replaceAll('\r\n', '\n').trimEnd();
        const change = readIssueChange(OURS, to);
        expect(change.kind === 'tick').toBe(ticks.includes(seen));
        if (change.kind === 'tick') expect(tick(OURS, change.box)).toBe(seen);
      }),
      { numRuns: 500 },
    );
  });

  test('has the same digest whatever ends the lines, and another one for another letter', () => {
    expect(issueTextDigest(OURS.replaceAll('\n', '\r\n'))).toBe(issueTextDigest(`${OURS}\n`));
    expect(issueTextDigest(OURS)).not.toBe(issueTextDigest(OURS.replace('waits', 'Waits')));
  });
});

describe('the line of a box', () => {
  test('is read as it was written, and a line that only resembles one is not', () => {
    const line = boxLine({ means: 'approve:node:review-2', token: '0123456789abcdef' }, 'What `gate` asks');
    expect(readBoxLine(line)).toEqual({ means: 'approve:node:review-2', token: '0123456789abcdef', ticked: false });
    for (const other of [
      line.replace('approve:node', 'approve:nothing'),
      line.replace('0123', 'zzzz'),
      ` ${line}`,
      `> ${line}`,
      `${line} and more`,
      line.replace('- [ ]', '* [ ]'),
    ]) {
      expect(readBoxLine(other), other).toBeUndefined();
    }
  });

  test('stands for a command', () => {
    expect(commandOfBox('approve:plan', 'f-1')).toEqual({ verb: 'approve', fleet: 'f-1', on: 'plan' });
    expect(commandOfBox('approve:gate', 'f-1')).toEqual({ verb: 'approve', fleet: 'f-1', on: 'gate' });
    expect(commandOfBox('approve:node:gate', 'f-1')).toEqual({
      verb: 'approve',
      fleet: 'f-1',
      node: 'gate',
      decision: 'approve',
    });
    expect(commandOfBox('cancel', 'f-1')).toEqual({ verb: 'cancel', fleet: 'f-1' });
    expect(commandOfBox('retry', 'f-1')).toEqual({ verb: 'retry', fleet: 'f-1' });
  });
});
