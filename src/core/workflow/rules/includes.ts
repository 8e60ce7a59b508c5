import { valueCheck } from '../../inputs/check-value.ts';
import { nearest } from '../../nearest.ts';
import { type Beside, MAX_INCLUDES_DEEP } from '../beside.ts';
import { placedNodes } from '../placed-nodes.ts';
import type { Path } from '../read/places.ts';
import { referencesIn } from '../references.ts';
import type { IncludeNode } from '../types.ts';
import type { Finding, Rule } from './finding.ts';

/** An included workflow is there, can be included, and gets the inputs that it declares. */
export const includes: Rule = function* (workflow, beside) {
  for (const { node, path } of placedNodes(workflow)) {
    if (node.kind === 'include' && beside.knows) yield* checkInclude(node, path, beside);
  }
};

function* checkInclude(node: IncludeNode, path: Path, beside: Beside): Generator<Finding> {
  const at = { path: [...path, 'include'], code: 'include' };
  const included = beside.workflow(node.workflow);
  if (included === undefined) {
    if (beside.exists(node.workflow)) return;
    const start = beside.around.indexOf(node.workflow);
    if (start !== -1) {
      const message = `These workflows include each other: ${[...beside.around.slice(start), node.workflow].join(' -> ')}.`;
      yield { ...at, message, hint: 'Remove one of these includes.' };
      return;
    }
    if (beside.around.length > MAX_INCLUDES_DEEP) {
      const message = `Workflows are included more than ${MAX_INCLUDES_DEEP} deep: ${beside.around.join(' -> ')}.`;
      yield { ...at, message, hint: 'Include it further out.' };
      return;
    }
    const message = `There is no workflow \`${node.workflow.slice(0, 80)}\` to include.`;
    const name = /^(?:.*\/)?([a-z0-9][a-z0-9._-]*)\.ya?ml$/.exec(node.workflow)?.[1];
    const hint =
      name === undefined
        ? 'Name a workflow as in `/fleet <name>`: one of this folder, or a bundled one.'
        : `Write its name, not its path: \`${name}\`.`;
    yield { ...at, message, hint };
    return;
  }
  if (included.onlyIf !== null) {
    const message = `\`${node.workflow}\` has \`only_if\`, which an include would not ask.`;
    yield { ...at, message, hint: 'Put the question into a node before the include, and its answer into `when`.' };
  }
  const waiting = placedNodes(included).find(({ node: inner }) => inner.kind === 'approval');
  if (waiting !== undefined) {
    const message = `\`${node.workflow}\` waits for an approval, \`${waiting.node.id}\`, which an include cannot.`;
    yield { ...at, message, hint: 'Put an approval before or after the include.' };
  }
  yield* checkInputs(node, path);
}

function* checkInputs({ workflow, with: given, inputs }: IncludeNode, path: Path): Generator<Finding> {
  for (const [name, definition] of Object.entries(inputs)) {
    if (Object.hasOwn(given, name) || !definition.required) continue;
    const message = `\`${workflow}\` needs the input \`${name}\`.`;
    yield { path: [...path, 'include'], code: 'missing_input', message, hint: `Add with: { ${name}: ... }.` };
  }
  for (const [name, value] of Object.entries(given)) {
    const definition = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    if (definition === undefined) {
      const near = nearest(name, Object.keys(inputs));
      const hint = near ? `Did you mean \`${near}\`?` : `Its inputs: ${Object.keys(inputs).join(', ') || 'none'}.`;
      const message = `\`${workflow}\` has no input \`${name}\`.`;
      yield { path: [...path, 'with', name], onKey: true, code: 'undeclared_input', message, hint };
      continue;
    }
    // What a reference brings in is looked at when it is known.
    const problem = referencesIn(value).length > 0 ? null : valueCheck(definition)(value);
    if (problem === null) continue;
    const message = `\`${value.slice(0, 80)}\` does not fit the input \`${name}\` of \`${workflow}\`: ${problem.message}`;
    yield { path: [...path, 'with', name], code: 'input_value', message, hint: problem.hint };
  }
}
