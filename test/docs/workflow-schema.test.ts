import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseWorkflow } from '../../src/core/workflow/parse-workflow.ts';
import { checkShape } from '../../src/core/workflow/read/check-shape.ts';
import { isRecord } from '../../src/core/workflow/read/record.ts';
import { bump } from '../story/workflows.ts';
import { aroundNodes, EXAMPLES, WHOLE } from './reference-examples.ts';
import { writtenWorkflows } from './workflow-samples.ts';
import { type JsonSchema, workflowSchema } from './workflow-schema.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const schema = workflowSchema();
// What is required is often said beside the properties, in alternatives.
const validate = new Ajv({ strict: true, strictRequired: false, allErrors: true }).compile(schema);

/** What an editor would underline, as `/nodes/0 must have required property 'id'`. */
function problems(data: unknown): string[] {
  validate(data);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

interface Sample {
  name: string;
  text: string;
}

const filesIn = (folder: string, ending: string): Sample[] =>
  readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith(ending))
    .map((file) => ({ name: `${folder}/${file}`, text: readFileSync(join(ROOT, folder, file), 'utf8') }));

const fencesIn = ({ name, text }: Sample): Sample[] =>
  [...text.matchAll(/^```ya?ml\n(.*?)^```$/gms)].map(([, yaml = ''], index) => ({
    name: `${name}, ${index + 1}`,
    text: yaml,
  }));

const isWorkflow = ({ text }: Sample): boolean => parseWorkflow(text, 'sample.yml', null).ok;

describe('the JSON Schema of workflows', () => {
  it.each([
    { of: 'bundled ones', samples: filesIn('workflows', '.yml') },
    { of: 'examples', samples: filesIn('docs/examples', '.yml') },
    { of: 'guides', samples: filesIn('docs/guides', '.md').flatMap(fencesIn) },
    { of: 'reference', samples: [{ name: 'whole', text: WHOLE }, ...nodeExamples()] },
    { of: 'stories', samples: [{ name: 'bump', text: bump('[{ tag: app }]', 'parallel: true') }] },
  ])('accepts every workflow of the $of', ({ samples }) => {
    const workflows = samples.filter(isWorkflow);
    expect(workflows.length).toBeGreaterThan(0);
    const refused = workflows.flatMap(({ name, text }) =>
      problems(parse(text)).map((problem) => `${name}: ${problem}`),
    );
    expect(refused).toEqual([]);
  });

  it.each([
    ['no nodes', 'name: a', " must have required property 'nodes'"],
    ['an unknown key', 'name: a\nonlyif: x\nnodes: [{ id: b, bash: x }]', ' must NOT have additional properties'],
    [
      'an unknown key of a node',
      nodes('{ id: b, bash: x, timout: 3s }'),
      '/nodes/0 must NOT have additional properties',
    ],
    ['no id', nodes('{ bash: x }'), "/nodes/0 must have required property 'id'"],
    ['no kind', nodes('{ id: b }'), '/nodes/0 must match exactly one schema in oneOf'],
    ['two kinds', nodes('{ id: b, bash: x, prompt: y }'), '/nodes/0 must match exactly one schema in oneOf'],
    ['an agent of bash', nodes('{ id: b, bash: x, agent: y }'), '/nodes/0 must match exactly one schema in oneOf'],
    ['a wrong type', nodes('{ id: b, bash: [x] }'), '/nodes/0/bash must be string'],
    ['a number as a timeout', nodes('{ id: b, bash: x, timeout: 30 }'), '/nodes/0/timeout must be string'],
    ['a duration without a unit', nodes('{ id: b, bash: x, timeout: "30" }'), '/nodes/0/timeout must match pattern'],
    [
      'an unknown trigger rule',
      nodes('{ id: b, bash: x, trigger_rule: any }'),
      '/nodes/0/trigger_rule must be equal to',
    ],
    ['an id in capitals', nodes('{ id: Build, bash: x }'), '/nodes/0/id must match pattern'],
    [
      'a script without a runtime',
      nodes('{ id: b, script: print(1) }'),
      "/nodes/0 must have required property 'runtime'",
    ],
    [
      'a loop without max_iterations',
      nodes('{ id: b, loop: { prompt: x, until: y } }'),
      "/nodes/0/loop must have required property 'max_iterations'",
    ],
    [
      'a loop without an end',
      nodes('{ id: b, loop: { prompt: x, max_iterations: 3 } }'),
      "/nodes/0/loop must have required property 'until'",
    ],
    [
      'a loop with prompt and command',
      nodes('{ id: b, loop: { prompt: x, command: y, until: z, max_iterations: 3 } }'),
      '/nodes/0/loop must match exactly one schema in oneOf',
    ],
    [
      'too many iterations',
      nodes('{ id: b, loop: { prompt: x, until: y, max_iterations: 51 } }'),
      '/nodes/0/loop/max_iterations must be <= 50',
    ],
    [
      'a file whose ending says no language',
      nodes('{ id: b, script: { file: build } }'),
      "must have required property 'runtime'",
    ],
    [
      'an agent of bash in a group',
      nodes('{ id: b, loop_group: { until: x, max_iterations: 2, nodes: [{ id: c, bash: x, agent: y }] } }'),
      '/nodes/0/loop_group/nodes/0 must match exactly one schema in oneOf',
    ],
    [
      'an input in capitals',
      `inputs: { Version: {} }\n${nodes('{ id: b, bash: x }')}`,
      '/inputs property name must be valid',
    ],
    [
      'an entry that selects nothing',
      `services: [{ not: { tag: x } }]\n${nodes('{ id: b, bash: x }')}`,
      '/services/0 must match',
    ],
    [
      'a variable in small letters',
      nodes('{ id: b, bash: x, env: { a: b } }'),
      '/nodes/0/env property name must be valid',
    ],
  ])('refuses %s', (_, text, problem) => {
    expect(isWorkflow({ name: '', text })).toBe(false);
    expect(problems(parse(text))).toContainEqual(expect.stringContaining(problem));
  });

  it('agrees with the reader about the shape of every file', () => {
    let accepted = 0;
    fc.assert(
      fc.property(writtenWorkflows, (written) => {
        const faults = checkShape(written);
        accepted += faults.length === 0 ? 1 : 0;
        expect(problems(written).length === 0, JSON.stringify(faults)).toBe(faults.length === 0);
      }),
      { numRuns: 3000 },
    );
    expect(accepted).toBeGreaterThan(300);
  });

  it.each(['a', 'a-b', 'a_b', 'a.b', 'A', '1a', '-a', 'a b', 'é', '', 'a'.repeat(60), 'a'.repeat(61)])(
    'agrees with the rules about names: %j',
    (name) => {
      const files = {
        workflow: `name: ${JSON.stringify(name)}\nnodes: [{ id: b, bash: x }]`,
        input: `name: a\ninputs: { ${JSON.stringify(name)}: {} }\nnodes: [{ id: b, bash: "$INPUTS_${name.toUpperCase()}" }]`,
        node: nodes(`{ id: ${JSON.stringify(name)}, bash: x }`),
        variable: nodes(`{ id: b, bash: x, env: { ${JSON.stringify(name.toUpperCase())}: x } }`),
        program: `requires: ${JSON.stringify(name)}\n${nodes('{ id: b, bash: x }')}`,
        file: nodes(`{ id: b, command: ${JSON.stringify(name)} }`),
        login: `pull_request: { assignees: ${JSON.stringify(name)} }\n${nodes('{ id: b, bash: x }')}`,
        reviewer: `pull_request: { reviewers: ${JSON.stringify(`team:${name}`)} }\n${nodes('{ id: b, bash: x }')}`,
      };
      const verdicts = Object.entries(files).map(([what, text]) => [what, problems(parse(text)).length === 0]);
      expect(verdicts).toEqual(Object.entries(files).map(([what, text]) => [what, isWorkflow({ name: what, text })]));
    },
  );

  it('describes every key', () => {
    expect(undescribed(schema, '')).toEqual([]);
  });

  it('is of the draft that editors know', () => {
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
    expect(JSON.stringify(schema)).not.toMatch(/"(?:\$defs|unevaluatedProperties|dependentRequired|prefixItems)":/);
  });
});

function nodes(...written: string[]): string {
  return `name: a\nnodes: [${written.join(', ')}]`;
}

function nodeExamples(): Sample[] {
  return Object.entries(EXAMPLES).map(([name, text]) => ({ name, text: aroundNodes(text) }));
}

/** Paths of keys without a title or a description. */
function undescribed(part: unknown, path: string): string[] {
  if (Array.isArray(part)) return part.flatMap((one, index) => undescribed(one, `${path}/${index}`));
  if (!isRecord(part)) return [];
  const keys = isRecord(part.properties) && part.additionalProperties === false ? Object.entries(part.properties) : [];
  const missing = keys.filter(([, key]) => !isRecord(key) || !isDescribed(key)).map(([name]) => `${path}/${name}`);
  return [...missing, ...Object.entries(part).flatMap(([name, one]) => undescribed(one, `${path}/${name}`))];
}

const isDescribed = ({ title, description }: JsonSchema): boolean => Boolean(title) && Boolean(description);
