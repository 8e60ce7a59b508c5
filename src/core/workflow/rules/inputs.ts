import { valueCheck } from '../../inputs/check-value.ts';
import { compilePattern } from '../../inputs/pattern.ts';
import { parseCondition, referencesOf } from '../condition/parse-condition.ts';
import { placedNodes } from '../placed-nodes.ts';
import { inputsNamedInCode, referencesIn } from '../references.ts';
import { codeFields, textFields } from '../texts.ts';
import type { InputDefinition, Workflow } from '../types.ts';
import { inputVariable } from '../variables.ts';
import type { Finding, Rule } from './finding.ts';
import { isInputName } from './names.ts';

/** Characters of values times steps of their pattern: about half a second. */
const MAX_MATCHING = 16_000_000;

export const inputDefinitions: Rule = function* ({ inputs }) {
  const work = { left: MAX_MATCHING };
  for (const [name, definition] of Object.entries(inputs)) {
    yield* checkDefinition(name, definition, work);
    if (work.left < 0) return;
  }
};

function* checkDefinition(name: string, definition: InputDefinition, work: { left: number }): Generator<Finding> {
  const pattern = definition.pattern === null ? null : compilePattern(definition.pattern);
  if (pattern?.ok === false) {
    const message = `The pattern of \`${name}\` cannot be used: ${pattern.message}`;
    yield { path: ['inputs', name, 'pattern'], code: 'invalid_pattern', message, hint: pattern.hint };
    return;
  }
  const check = valueCheck(definition, pattern);
  for (const { value, at } of valuesOf(definition)) {
    const path = ['inputs', name, ...at];
    work.left -= value.length * (pattern?.steps ?? 0);
    if (work.left < 0) {
      const message = 'Up to here, the patterns and the values of this file take too long to match.';
      yield { path, code: 'too_large', message, hint: 'Shorten the values of `enum` and `default`, or the patterns.' };
      return;
    }
    const problem = check(value);
    if (problem === null) continue;
    const message = `\`${at[0]}\` of the input \`${name}\` breaks its own rules: ${problem.message}`;
    yield { path, code: 'input_value', message, hint: problem.hint };
  }
}

function valuesOf(definition: InputDefinition): { value: string; at: readonly (string | number)[] }[] {
  const values = (definition.enum ?? []).map((value, index) => ({ value, at: ['enum', index] }));
  return definition.default === null ? values : [...values, { value: definition.default, at: ['default'] }];
}

export const UNUSED_INPUT = 'unused_input';

export const unusedInputs: Rule = (workflow) => {
  const used = usedInputs(workflow);
  return Object.keys(workflow.inputs)
    .filter((name) => isInputName(name) && !used(name))
    .map((name) => ({
      path: ['inputs', name],
      onKey: true,
      code: UNUSED_INPUT,
      message: `Nothing uses the input \`${name}\`.`,
      hint: `Use it as \`$${inputVariable(name)}\` in a command or {{${name}}} in a text, or remove it.`,
    }));
};

function usedInputs(workflow: Workflow): (name: string) => boolean {
  const named = new Set<string>();
  for (const { text } of textFields(workflow)) {
    for (const reference of referencesIn(text)) if (reference.kind === 'input') named.add(reference.name);
  }
  for (const { node } of placedNodes(workflow)) {
    const { when } = node;
    const parsed = when === null ? null : parseCondition(when);
    for (const reference of parsed?.ok ? referencesOf(parsed.condition) : []) {
      if (reference.kind === 'input') named.add(reference.name);
    }
  }
  const variables = new Set<string>();
  for (const { text } of codeFields(workflow)) {
    for (const [word] of text.matchAll(/\w+/g)) variables.add(word);
    // A reference in a command is a fault of its own; a second one about the same input would mislead.
    for (const name of inputsNamedInCode(text)) named.add(name);
  }
  return (name) => named.has(name) || variables.has(inputVariable(name));
}
