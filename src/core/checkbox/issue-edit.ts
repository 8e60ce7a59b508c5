/** What a person did to the text of a tracking issue, told from the text before and after. */
import { createHash } from 'node:crypto';
import { type BoxMark, readBoxLine } from './box.ts';

export type IssueChange =
  /** Exactly one box of ours was ticked, and all else is as it was. */
  | { kind: 'tick'; box: BoxMark }
  /** Boxes were changed, but not so. */
  | { kind: 'boxes' }
  /** Anything else. */
  | { kind: 'text' };

/** `from`: the whole text before, of the webhook's `changes.body.from`; `to`: that after. Line ends may be of any kind. */
export function readIssueChange(from: string, to: string): IssueChange {
  const before = linesOf(from);
  const after = linesOf(to);
  const changed = after.flatMap((line, index) => (line === before[index] ? [] : [index]));
  const [index = -1] = changed;
  const box = readBoxLine(before[index] ?? '');
  const alone = before.length === after.length && changed.length === 1;
  if (alone && box !== undefined && !box.ticked && after[index] === tick(before[index] ?? '')) {
    const { means, token } = box;
    const same = before.filter((line) => readBoxLine(line)?.token === token && readBoxLine(line)?.means === means);
    if (same.length === 1) return { kind: 'tick', box: { means, token } };
  }
  return ticksIn(before) === ticksIn(after) ? { kind: 'text' } : { kind: 'boxes' };
}

/** SHA-256 of a text as GitHub keeps it: its web form ends lines with CRLF. */
export function issueTextDigest(text: string): string {
  return createHash('sha256').update(linesOf(text).join('\n')).digest('hex');
}

const linesOf = (text: string): string[] => text.replaceAll('\r\n', '\n').trimEnd().split('\n');

const tick = (line: string): string => line.replace('- [ ] ', '- [x] ');

/** Which boxes are there, and which of them are ticked. */
function ticksIn(lines: readonly string[]): string {
  return JSON.stringify(lines.flatMap((line) => readBoxLine(line) ?? []));
}
