import { placedNodes } from '../placed-nodes.ts';
import { isRecord } from '../read/record.ts';
import type { Rule } from './finding.ts';

/** `until_field` names a boolean that every answer must hold. */
export const loops: Rule = function* (workflow) {
  for (const { node, path } of placedNodes(workflow)) {
    if (node.kind !== 'loop' || node.untilField === null) continue;
    const { properties, required } = node.outputFormat ?? {};
    const property =
      isRecord(properties) && Object.hasOwn(properties, node.untilField) ? properties[node.untilField] : undefined;
    const isBoolean = isRecord(property) && property.type === 'boolean';
    if (isBoolean && Array.isArray(required) && required.includes(node.untilField)) continue;
    const message = `\`${node.untilField.slice(0, 80)}\` is no required boolean of this node's \`output_format\`.`;
    const hint = `Add output_format: { type: object, properties: { ${node.untilField.slice(0, 80)}: { type: boolean } }, required: [${node.untilField.slice(0, 80)}] }.`;
    yield { path: [...path, 'loop', 'until_field'], code: 'until_field', message, hint };
  }
};
