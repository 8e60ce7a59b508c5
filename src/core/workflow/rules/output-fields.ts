import { nearest } from '../../nearest.ts';
import { parseCondition, referencesOf } from '../condition/parse-condition.ts';
import { placedNodes } from '../placed-nodes.ts';
import { isRecord } from '../read/record.ts';
import { referencesIn } from '../references.ts';
import { textFields } from '../texts.ts';
import type { Workflow, WorkflowNode } from '../types.ts';
import type { Finding, Rule } from './finding.ts';

type Where = Pick<Finding, 'path' | 'file' | 'excerpt'>;

/** A field that the node's `output_format` does not have would always be empty. */
export const outputFields: Rule = function* (workflow) {
  const formats = outputFormatsOf(workflow);
  if (formats.size === 0) return;
  for (const { node, path } of placedNodes(workflow)) {
    const parsed = node.when === null ? null : parseCondition(node.when);
    for (const reference of parsed?.ok ? referencesOf(parsed.condition) : []) {
      if (reference.kind !== 'node') continue;
      yield* checkField(formats, reference, { path: [...path, 'when'], excerpt: reference.at });
    }
  }
  for (const { path, file, text } of textFields(workflow)) {
    for (const reference of referencesIn(text)) {
      if (reference.kind === 'node') yield* checkField(formats, reference, { path, file, excerpt: reference.at });
    }
  }
};

function* checkField(
  formats: ReadonlyMap<string, unknown>,
  { node, field }: { node: string; field: readonly string[] },
  where: Where,
): Generator<Finding> {
  let schema: unknown = formats.get(node);
  for (const [depth, name] of field.entries()) {
    if (schema === DECISION_ALONE) {
      const message = `The output of \`${node}\` is the id of what was decided, which has no fields.`;
      const hint = `Write \`$${node}.output\`, or add \`capture_response: true\`: its fields are decision and text.`;
      yield { ...where, code: 'unknown_field', message, hint };
      return;
    }
    const known = closedProperties(schema);
    if (known === null) return;
    if (!Object.hasOwn(known, name)) {
      const names = Object.keys(known);
      const near = nearest(name, names);
      const of = ['output', ...field.slice(0, depth)].join('.');
      const why =
        schema === CAPTURED
          ? 'it is what `capture_response` gives'
          : `the \`output_format\` of \`${node}\` does not declare it`;
      const message = `\`$${node}.${of}\` has no field \`${name.slice(0, 80)}\`: ${why}.`;
      const more = schema === CAPTURED ? '' : ' Or declare it.';
      const hint = near ? `Did you mean \`${near}\`?` : `Known: ${names.slice(0, 20).join(', ')}.${more}`;
      yield { ...where, code: 'unknown_field', message, hint };
      return;
    }
    schema = known[name];
  }
}

/** Keywords that can bring in properties that are not under `properties`, or say that it is no object. */
const OPENING = ['patternProperties', 'allOf', 'anyOf', 'oneOf', 'if', '$ref', 'dependentSchemas', 'items'];

/** null: more may be there than is declared. */
function closedProperties(schema: unknown): Record<string, unknown> | null {
  if (!isRecord(schema) || !isRecord(schema.properties)) return null;
  const allowsMore = schema.additionalProperties !== undefined && schema.additionalProperties !== false;
  if (allowsMore || OPENING.some((keyword) => Object.hasOwn(schema, keyword))) return null;
  return schema.properties;
}

/** By id; of two nodes with one id neither is looked at. */
function outputFormatsOf(workflow: Workflow): Map<string, unknown> {
  const formats = new Map<string, unknown>();
  const seen = new Set<string>();
  for (const { node } of placedNodes(workflow)) {
    if (seen.has(node.id)) formats.delete(node.id);
    else {
      const format = outputFormatOf(node);
      if (format !== null) formats.set(node.id, format);
    }
    seen.add(node.id);
  }
  return formats;
}

const outputFormatOf = (node: WorkflowNode): unknown => {
  if (node.kind === 'approval') return node.captureResponse ? CAPTURED : DECISION_ALONE;
  return 'outputFormat' in node ? node.outputFormat : null;
};

/** Of an approval with `capture_response`. */
const CAPTURED = { properties: { decision: {}, text: {} } };

/** Of one without it. */
const DECISION_ALONE = 'the id of a decision';
