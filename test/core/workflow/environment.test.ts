import { describe, expect, it } from 'vitest';
import { environmentOf } from '../../../src/core/workflow/environment.ts';
import type { NodeOutcome } from '../../../src/core/workflow/types.ts';

const definition = { required: false, default: null, description: '', pattern: null, enum: null, allowDash: false };
const facts = (nodes: Record<string, NodeOutcome>) => ({
  service: { id: 7, fullName: 'acme/service-api', dir: '/w/tree', siblings: null },
  fleetId: 'f-abcdefgh',
  baseBranch: 'main',
  workflow: { inputs: { target_version: definition, flavour: definition } },
  inputs: { target_version: '2.0; touch owned $(x)' },
  nodes: new Map(Object.entries(nodes)),
  loop: null,
  own: {},
  reader: 'group.2.report',
  outputDir: '/w/outputs',
});

describe('the environment of a command', () => {
  it('has the names of product.md and the values as they are', () => {
    const outcome: NodeOutcome = { status: 'failed', exitCode: 3, output: 'a\0b\n\n' };
    expect(environmentOf(facts({ 'run-tests': outcome }))).toEqual({
      variables: {
        SERVICE: 'acme/service-api',
        SERVICE_NAME: 'service-api',
        SERVICE_DIR: '/w/tree',
        SERVICE_ID: '7',
        FLEET_ID: 'f-abcdefgh',
        BASE_BRANCH: 'main',
        INPUTS_TARGET_VERSION: '2.0; touch owned $(x)',
        INPUTS_FLAVOUR: '',
        NODES_RUN_TESTS_OUTPUT: 'ab',
        NODES_RUN_TESTS_EXIT_CODE: '3',
      },
      files: [],
    });
  });

  it('names the folder of the siblings where there are some', () => {
    const { service, ...rest } = facts({});
    const { variables } = environmentOf({ ...rest, service: { ...service, siblings: '/w/siblings' } });
    expect(variables).toMatchObject({ SIBLINGS_DIR: '/w/siblings' });
  });

  it('puts an output over 64 KiB into a file', () => {
    const outcome: NodeOutcome = { status: 'completed', exitCode: null, output: 'ä'.repeat(32 * 1024 + 1) };
    const { variables, files } = environmentOf(facts({ ask: outcome }));
    expect(variables).toMatchObject({
      NODES_ASK_OUTPUT_FILE: '/w/outputs/group.2.report.ask.output',
      NODES_ASK_EXIT_CODE: '',
    });
    expect(variables).not.toHaveProperty('NODES_ASK_OUTPUT');
    expect(files).toEqual([{ name: 'group.2.report.ask.output', content: outcome.output }]);
  });

  it('stays below what the system lets a program start with', () => {
    const outcome: NodeOutcome = { status: 'completed', exitCode: 0, output: 'x'.repeat(60 * 1024) };
    const nodes = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`n${index}`, outcome]));
    const { variables, files } = environmentOf(facts(nodes));
    expect(Object.values(variables).join('').length).toBeLessThan(1_100_000);
    expect(files.length).toBeGreaterThan(80);
  });
});
