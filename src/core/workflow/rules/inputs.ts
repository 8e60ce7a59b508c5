import { patternProblem, valueProblem } from '../../inputs/check-value.ts';
import { parseCondition, referencesOf } from '../condition/parse-condition.ts';
import { referencesIn } from '../references.ts';
import { codeFields, textFields } from '../texts.ts';
import type { Workflow } from '../types.ts';
import { inputVariable } from '../variables.ts';
import type { Finding, Rule } from './finding.ts';

export const inputDefinitions: Rule = ({ inputs }) =>
  Object.entries(inputs).flatMap(([name, definition]): Finding[] => {
    const badPattern = definition.pattern === null ? null : patternProblem(definition.pattern);
    if (badPattern) {
      const message = `The pattern of \`${name}\` cannot be used: ${badPattern.message}`;
      return [{ path: ['inputs', name, 'pattern'], code: 'input_pattern', message, hint: badPattern.hint }];
    }
    const values = (definition.enum ?? []).map((value, index) => ({ value, at: ['enum', index] }));
    if (definition.default !== null) values.push({ value: definition.default, at: ['default'] });
    return values.flatMap(({ value, at }): Finding[] => {
      const problem = valueProblem(value, definition);
      if (!problem) return [];
      const message = `\`${at[0]}\` of the input \`${name}\` breaks its own rules: ${problem.message}`;
      return [{ path: ['inputs', name, ...at], code: 'input_value', message, hint: problem.hint }];
    });
  });

export const UNUSED_INPUT = 'unused_input';

export const unusedInputs: Rule = (workflow) => {
  const used = usedInputs(workflow);
  return Object.keys(workflow.inputs)
    .filter((name) => !used(name))
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
  for (const { when } of workflow.nodes) {
    const parsed = when === null ? null : parseCondition(when);
    for (const reference of parsed?.ok ? referencesOf(parsed.condition) : []) {
      if (reference.kind === 'input') named.add(reference.name);
    }
  }
  const words = new Set(codeFields(workflow).flatMap(({ text }) => text.match(/\w+/g) ?? []));
  // A reference in a command is a fault of its own; a second one about the same input would mislead.
  const code = codeFields(workflow).map(({ text }) => text);
  return (name) =>
    named.has(name) ||
    words.has(inputVariable(name)) ||
    code.some((text) => new RegExp(`\\{\\{\\s*(?:inputs\\.)?${name}\\s*\\}\\}|\\$inputs\\.${name}\\b`).test(text));
}
