import { placedNodes } from '../placed-nodes.ts';
import { textFields } from '../texts.ts';
import type { Rule } from './finding.ts';

const SHORT = /\$([a-z][a-z0-9_-]*)\.([A-Za-z_]\w*(?:\.\w+)*)/g;

/** `$test.green` in a text would stay as it is; a condition refuses it by itself. */
export const shortFields: Rule = function* (workflow) {
  const ids = new Set(placedNodes(workflow).map(({ node }) => node.id));
  for (const { path, text, file } of textFields(workflow)) {
    for (const { 0: raw, 1: node = '', 2: field = '', index } of text.matchAll(SHORT)) {
      const [property = ''] = field.split('.');
      if (!ids.has(node) || property === 'output' || property === 'exit_code') continue;
      const message = `\`${raw.slice(0, 80)}\` is no reference, so the text would stay as it is.`;
      const hint =
        property === 'status'
          ? `Only a condition can ask for a status; a field of the output is \`$${node}.output.status\`.`
          : `For a field of the output write \`$${node}.output.${field.slice(0, 80)}\`.`;
      yield { path, file, excerpt: { offset: index, length: raw.length }, code: 'reference', message, hint };
    }
  }
};
