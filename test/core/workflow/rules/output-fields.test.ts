import { describe, expect, it } from 'vitest';
import { faultsOf, workflowOf } from './faults-of.ts';

const SCHEMA =
  'type: object, properties: { verdict: { type: string }, cost: { type: object, properties: { usd: {} } } }';
const judge = (schema: string) => `{ id: judge, prompt: Judge., output_format: { ${schema} } }`;
const faults = (node: string, schema = SCHEMA) => faultsOf(workflowOf(`${node}\ndepends_on: [judge]`, judge(schema)));

describe('a field that the output cannot have', () => {
  it.each([
    ['prompt: "It says $judge.output.verdikt"', '5:22', 'Did you mean `verdict`?'],
    ['prompt: "It says {{nodes.judge.output.reason}}"', '5:22', 'Known: verdict, cost.'],
    ['bash: x\nenv: { COST: $judge.output.cost.used }', '6:18', 'Did you mean `usd`?'],
    ["bash: x\nwhen: $judge.output.verdikt == 'good'", '6:11', 'Did you mean `verdict`?'],
    ['prompt: "$judge.output.constructor"', '5:14', 'Known:'],
  ])('is refused in %j', (node, at, hint) => {
    expect(faults(node)).toEqual([{ at: `${at} unknown_field`, hint: expect.stringContaining(hint) }]);
  });

  it('is one even where the schema says that there are no others', () => {
    expect(faults('prompt: "$judge.output.x"', `${SCHEMA}, additionalProperties: false`)).toHaveLength(1);
  });
});

describe('a field that the output can have passes', () => {
  it.each([
    ['a declared one', SCHEMA, '$judge.output.verdict and $judge.output.cost.usd'],
    ['the whole output', SCHEMA, '$judge.output'],
    ['beneath one that is not described', SCHEMA, '$judge.output.verdict.x'],
    ['of an open object', `${SCHEMA}, additionalProperties: true`, '$judge.output.x'],
    ['of typed further properties', `${SCHEMA}, additionalProperties: { type: string }`, '$judge.output.x'],
    ['of one that another keyword can declare', `${SCHEMA}, allOf: [{ properties: { x: {} } }]`, '$judge.output.x'],
    ['of a schema without properties', 'type: object', '$judge.output.x'],
  ])('%s', (_, schema, text) => {
    expect(faults(`prompt: "${text}"`, schema)).toEqual([]);
  });
});
