import { placedNodes } from '../placed-nodes.ts';
import type { Rule } from './finding.ts';

/** The last line of an answer is compared, so a word of several lines is never there. */
export const until: Rule = function* (workflow) {
  for (const { node, path } of placedNodes(workflow)) {
    if ((node.kind !== 'loop' && node.kind !== 'loop_group') || node.until === null) continue;
    const written = node.until.trim();
    if (written !== '' && !/[\n\r]/.test(written)) continue;
    const message =
      written === ''
        ? '`until` holds nothing but space.'
        : '`until` has more than one line; the last line of the answer is compared.';
    const hint = 'Write one word, such as DONE; a command that decides goes under `until_bash`.';
    yield { path: [...path, node.kind, 'until'], code: 'until', message, hint };
  }
};
