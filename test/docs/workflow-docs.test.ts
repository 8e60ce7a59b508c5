import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCondition } from '../../src/core/workflow/condition/parse-condition.ts';
import { environmentOf } from '../../src/core/workflow/environment.ts';
import { parseWorkflow } from '../../src/core/workflow/parse-workflow.ts';
import { referencesIn } from '../../src/core/workflow/references.ts';
import { LOOP_OUTPUT_VARIABLE } from '../../src/core/workflow/variables.ts';
import { NODE_KINDS } from '../../src/core/workflow/written/node-kinds.ts';
import { aroundNodes, EXAMPLES, WHOLE } from './reference-examples.ts';
import { VALUES } from './reference-values.ts';
import { REFERENCE_FILE, renderReference } from './workflow-reference.ts';
import { renderSchema, SCHEMA_FILE } from './workflow-schema.ts';

describe('the documents of the workflow language', () => {
  it('are what `npm run docs:workflow` writes: docs/workflow.schema.json', () => {
    expect(readFileSync(SCHEMA_FILE, 'utf8')).toBe(renderSchema());
  });

  it('are what `npm run docs:workflow` writes: docs/workflow-reference.md', () => {
    expect(readFileSync(REFERENCE_FILE, 'utf8')).toBe(renderReference());
  });
});

describe('an example of the reference', () => {
  it('is a workflow: the whole one', () => {
    expect(faultsOf(WHOLE)).toEqual([]);
  });

  it.each(NODE_KINDS)(
    'is a workflow, unless this version carries out no such node and the page says so: %s',
    (kind) => {
      expect(faultsOf(aroundNodes(EXAMPLES[kind]))).toEqual([]);
    },
  );

  it.each(NODE_KINDS)('has a node of its kind: %s', (kind) => {
    expect(EXAMPLES[kind]).toMatch(new RegExp(`^ +${kind}:`, 'm'));
  });
});

describe('the table of values', () => {
  it.each(VALUES.flatMap(({ texts }) => texts))('names what a text takes: %s', (reference) => {
    expect(referencesIn(reference)).toMatchObject([{ raw: reference }]);
    expect(referencesIn(reference)[0]?.kind).not.toBe('unknown');
  });

  it.each(VALUES.flatMap(({ conditions }) => conditions))('names what a condition takes: %s', (reference) => {
    expect(parseCondition(`${reference} == 'x'`)).toMatchObject({ ok: true });
  });

  it('names every variable that a command gets, and no other', () => {
    const listed = VALUES.flatMap(({ variables }) => variables).filter((name) => name !== LOOP_OUTPUT_VARIABLE);
    const given = ['short', 'long'.repeat(100_000)].flatMap(variablesWith);
    expect([...new Set(given)].sort()).toEqual(listed.sort());
  });
});

function variablesWith(output: string): string[] {
  const definition = { required: false, default: null, description: '', pattern: null, enum: null, allowDash: false };
  const { variables } = environmentOf({
    service: { id: 1, fullName: 'acme/service-api', dir: '/tree', siblings: '/siblings' },
    fleetId: 'f1',
    reader: 'report',
    baseBranch: 'main',
    workflow: { inputs: { version: definition } },
    inputs: {},
    nodes: new Map([['test', { status: 'completed', exitCode: 0, output }]]),
    loop: { iteration: 1, previousOutput: '' },
    own: {},
    outputDir: '/outputs',
  });
  return Object.keys(variables);
}

function faultsOf(text: string): string[] {
  const parsed = parseWorkflow(text, 'example.yml', null);
  return parsed.ok ? [] : parsed.faults.map(({ message }) => message);
}
