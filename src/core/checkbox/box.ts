/** A box of a tracking issue that a person ticks instead of writing a command. */

/** What a box stands for, as its hidden marker names it; `approve:node:` with the id of the node. */
export type BoxMeaning = 'approve:plan' | 'approve:gate' | `approve:node:${string}` | 'cancel' | 'retry';

export interface BoxMark {
  means: BoxMeaning;
  /** 16 hex digits: the moment for which the box was made. No secret, as permission decides. */
  token: string;
}

const LINE = /^- \[( |x)\] .* <!-- flotilla:box ([a-z0-9:_-]{1,100}) ([0-9a-f]{16}) -->$/;

/** One line of Markdown; GitHub makes a box of it that can be clicked. */
export function boxLine({ means, token }: BoxMark, label: string): string {
  return `- [ ] ${label} <!-- flotilla:box ${means} ${token} -->`;
}

/** undefined: the line is no box of ours. */
export function readBoxLine(line: string): (BoxMark & { ticked: boolean }) | undefined {
  const [, tick, word, token] = LINE.exec(line) ?? [];
  const means = word === undefined ? undefined : meaningOf(word);
  return means === undefined || token === undefined ? undefined : { means, token, ticked: tick === 'x' };
}

/** What a marker's word says; undefined for a word that is none, which may not get into a marker. */
export function meaningOf(word: string): BoxMeaning | undefined {
  switch (word) {
    case 'approve:plan':
    case 'approve:gate':
    case 'cancel':
    case 'retry':
      return word;
    default: {
      const node = nodeOf(word);
      return node === undefined ? undefined : `approve:node:${node}`;
    }
  }
}

/** Of `approve:node:`; undefined for everything else. */
export const nodeOf = (word: string): string | undefined => /^approve:node:([a-z][a-z0-9_-]{0,59})$/.exec(word)?.[1];
