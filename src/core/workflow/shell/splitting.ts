import type { PendingUse } from './reader.ts';
import type { ShellUse, ShellWord } from './types.ts';

/** A word with the variables in it that the shell reads. */
export interface ReadWord extends ShellWord {
  uses: readonly PendingUse[];
  /** `<<< word` */
  isHereString: boolean;
}

/** Their arguments of the form `name=value` are assignments too. */
const DECLARATIONS: ReadonlySet<string> = new Set(['export', 'local', 'declare', 'readonly', 'typeset']);
/** What follows is split on purpose, or not at all. */
const UNSPLIT: ReadonlySet<string> = new Set(['for', 'select', 'case', '[[']);
export const ASSIGNMENT = /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/;

/** Which variables of a command the shell splits: those outside of quotes, assignments, `[[ ]]`, `case` and `for`. */
export function settleUses(words: readonly ReadWord[]): ShellUse[] {
  const first = words.find(({ text }) => !ASSIGNMENT.test(text));
  const declares = first !== undefined && DECLARATIONS.has(first.text);
  const unsplit = UNSPLIT.has(first?.text ?? '');
  let assigning = true;
  return words.flatMap((word) => {
    if (word === first) assigning = declares;
    const whole = unsplit || word.isHereString || (assigning && ASSIGNMENT.test(word.text));
    return word.uses.map(({ quoted, ...use }) => ({ ...use, splits: !quoted && !whole }));
  });
}
