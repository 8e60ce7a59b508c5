import { type Reference, referencesIn } from '../references.ts';
import { type TextField, textFields, type View } from '../texts.ts';
import type { Workflow } from '../types.ts';
import type { Finding, Rule } from './finding.ts';
import { checkInputName, checkNodeName } from './unknown-names.ts';

/** Each can bring in an output of 1 MiB. */
const MAX_REFERENCES = 200;

/** Every reference in a text names something that has a value there. */
export const templates: Rule = function* (workflow) {
  for (const field of textFields(workflow)) {
    const { path, file } = field;
    const references = referencesIn(field.text);
    for (const reference of references.slice(0, MAX_REFERENCES)) {
      yield* checkReference(workflow, field, reference);
    }
    const further = references[MAX_REFERENCES];
    if (further === undefined) continue;
    const message = `This text has ${references.length} references; ${MAX_REFERENCES} are allowed.`;
    yield { path, file, excerpt: further.at, code: 'too_large', message, hint: 'Split it, or name each value once.' };
  }
};

function checkReference(workflow: Workflow, { path, file, sees }: TextField, reference: Reference): Finding[] {
  const where = { path, file, excerpt: reference.at };
  const view = typeof sees === 'object' ? sees : null;
  if (reference.kind === 'input') return checkInputName(workflow, reference.name, where, view?.further);
  if (reference.kind === 'unknown') return checkUnknown(path[0] === 'nodes' || path[1] === 'body', reference, where);
  if (sees === 'inputs') {
    const message = `\`${reference.raw}\` has no value here: the branch is the same in every repository.`;
    return [{ ...where, code: 'reference', message, hint: 'Use inputs only.' }];
  }
  if (reference.kind === 'service') return [];
  return reference.kind === 'node'
    ? checkNodeName(workflow, reference.node, view, where)
    : checkLoop(view, reference, where);
}

function checkLoop(
  view: View | null,
  { raw }: Reference,
  where: Pick<Finding, 'path' | 'excerpt' | 'file'>,
): Finding[] {
  if (view?.inLoop) return [];
  const message = `\`${raw}\` has no value here: this is in no loop.`;
  return [{ ...where, code: 'reference', message, hint: 'Use it within `loop` or `loop_group`.' }];
}

/** Long texts may speak about GitHub Actions, so `${{ }}` stays there as it is; anywhere else it is a mistake. */
function checkUnknown(
  mayQuoteActions: boolean,
  { actions, raw, expression }: Extract<Reference, { kind: 'unknown' }>,
  where: Pick<Finding, 'path' | 'excerpt' | 'file'>,
): Finding[] {
  if (actions && mayQuoteActions) return [];
  const message = `\`${raw}\` names nothing that has a value.`;
  const hint = actions
    ? `\`\${{ }}\` belongs to GitHub Actions; write \`{{${expression}}}\`.`
    : 'Write {{name}} for an input, {{service}}, {{nodes.id.output}} or {{nodes.id.exit_code}}.';
  return [{ ...where, code: 'reference', message, hint }];
}
