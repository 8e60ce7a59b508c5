import { compileOutputFormat } from '../output-format.ts';
import { placedNodes } from '../placed-nodes.ts';
import type { Rule } from './finding.ts';

/** An `output_format` is a JSON Schema that can be used. */
export const outputFormats: Rule = function* (workflow) {
  for (const { node, path } of placedNodes(workflow)) {
    if (!('outputFormat' in node) || node.outputFormat === null) continue;
    const compiled = compileOutputFormat(node.outputFormat);
    if (compiled.ok) continue;
    const message = `\`output_format\` is no JSON Schema that can be used: ${compiled.problem}`;
    const hint = 'For example { type: object, properties: { done: { type: boolean } }, required: [done] }.';
    yield { path: [...path, 'output_format'], code: 'output_format', message, hint };
  }
};
