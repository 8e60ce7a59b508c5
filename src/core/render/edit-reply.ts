import { safeText } from './safe-text.ts';

/** An answer to somebody who ticked a box: there is no comment of theirs above it. */
export function editReply(text: string, login: string): string {
  return `${text}\n\n<sub>${safeText(login, 100)} edited this issue. Boxes are unticked again by themselves; other edits are put back.</sub>`;
}
