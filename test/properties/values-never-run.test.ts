import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { environmentOf } from '../../src/core/workflow/environment.ts';
import { withoutLastNewlines } from '../../src/core/workflow/node-output.ts';
import type { NodeOutcome } from '../../src/core/workflow/types.ts';
import { hostileText, hostileTextWithoutNul, hostileValue, hugeText, written } from './arbitraries.ts';
import { createCases } from './cases.ts';

const cases = createCases();
const definition = { required: false, default: null, description: '', pattern: null, enum: null, allowDash: false };

let root: string;
let folder: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'values-'));
  folder = join(root, 'tree');
  mkdirSync(folder);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Values {
  service?: string;
  inputs?: readonly string[];
  outputs?: readonly string[];
  /** Of the node's own `env`. */
  own?: readonly string[];
  previousOutput?: string;
}

/** Every value given to a command, as one environment. */
function environment({ service = 'acme/api', inputs = [], outputs = [], own = [], previousOutput = '' }: Values) {
  const named = inputs.map((value, index): [string, string] => [`i${index}`, value]);
  return environmentOf({
    service: { id: 7, fullName: service, dir: folder, siblings: folder },
    fleetId: 'f-abcdefgh',
    reader: 'report',
    baseBranch: 'main',
    workflow: { inputs: Object.fromEntries(named.map(([name]) => [name, definition])) },
    inputs: Object.fromEntries(named),
    nodes: new Map(
      outputs.map((output, index): [string, NodeOutcome] => [`n-${index}`, { status: 'failed', exitCode: 1, output }]),
    ),
    loop: { iteration: 2, previousOutput },
    own: Object.fromEntries(own.map((value, index) => [`OWN_${index}`, value])),
    outputDir: join(root, 'outputs'),
  });
}

/** Every variable as a program of the command has it, and again as the shell itself expands it. */
const SCRIPT = [
  'printenv -0',
  'for name in "${!SERVICE@}" "${!INPUTS_@}" "${!NODES_@}" "${!OWN_@}" "${!LOOP_@}"; do printf \'again %s=%s\\0\' "$name" "${!name}"; done',
].join('\n');

function runWith(variables: Readonly<Record<string, string>>): Map<string, Buffer> {
  const { stdout, stderr, status, error } = spawnSync(
    'bash',
    ['--noprofile', '--norc', '-eo', 'pipefail', '-c', SCRIPT],
    { cwd: folder, env: { ...variables, PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' }, maxBuffer: 2 ** 26 },
  );
  assert.deepEqual([error, stderr.toString(), status], [undefined, '', 0]);
  const seen = new Map<string, Buffer>();
  for (let at = 0, end = stdout.indexOf(0); end !== -1; at = end + 1, end = stdout.indexOf(0, at)) {
    const equals = stdout.indexOf('=', at);
    seen.set(stdout.toString('utf8', at, equals), stdout.subarray(equals + 1, end));
  }
  return seen;
}

function assertArrives(seen: ReadonlyMap<string, Buffer>, name: string, value: string): void {
  for (const form of [name, `again ${name}`]) {
    const bytes = seen.get(form);
    assert.ok(bytes?.equals(Buffer.from(value)), `${form} of ${JSON.stringify(value)} is ${bytes}`);
  }
}

describe('a command of a workflow', () => {
  test('is given every input, output and repository name byte for byte, and none of them is run', () => {
    const values = fc.record({
      service: hostileTextWithoutNul.map((name) => `acme/${name.toWellFormed()}`),
      inputs: fc.array(hostileValue, { minLength: 150, maxLength: 150 }),
      outputs: fc.array(hostileText, { minLength: 150, maxLength: 150 }),
      own: fc.array(hostileText, { minLength: 20, maxLength: 20 }),
      previousOutput: hostileText,
    });
    cases.hold(
      values,
      14,
      (values) => {
        const { service, inputs, outputs, own, previousOutput } = values;
        const { variables, files } = environment(values);
        assert.deepEqual(files, []);
        const seen = runWith(variables);
        assertArrives(seen, 'SERVICE', service);
        assertArrives(seen, 'SERVICE_NAME', service.slice('acme/'.length));
        for (const [index, value] of inputs.entries()) assertArrives(seen, `INPUTS_I${index}`, value);
        for (const [index, output] of outputs.entries()) {
          assertArrives(seen, `NODES_N_${index}_OUTPUT`, withoutLastNewlines(output.replaceAll('\0', '')));
          assertArrives(seen, `NODES_N_${index}_EXIT_CODE`, '1');
        }
        for (const [index, value] of own.entries()) assertArrives(seen, `OWN_${index}`, value.replaceAll('\0', ''));
        assertArrives(seen, 'LOOP_PREVIOUS_OUTPUT', previousOutput.replaceAll('\0', ''));
        assert.deepEqual(readdirSync(folder), [], 'a value was run');
      },
      ({ inputs, outputs, own }) => inputs.length + outputs.length + own.length + 2,
    );
  });

  test('is given an output of megabytes as a file that holds all of it, and starts', () => {
    cases.hold(hugeText, 6, (size) => {
      // Of newlines and NUL alone nothing would be left.
      const output = written({ ...size, part: `${size.part}x` });
      const { variables, files } = environment({ outputs: [output, 'short'], own: [output], previousOutput: output });
      assert.deepEqual(
        files.map(({ name }) => name),
        ['report.n-0.output'],
      );
      assert.equal(files[0]?.content, withoutLastNewlines(output.replaceAll('\0', '')));
      const seen = runWith(variables);
      assertArrives(seen, 'NODES_N_0_OUTPUT_FILE', join(root, 'outputs', 'report.n-0.output'));
      assertArrives(seen, 'NODES_N_1_OUTPUT', 'short');
      for (const name of ['OWN_0', 'LOOP_PREVIOUS_OUTPUT']) {
        const cut = seen.get(name) ?? Buffer.of();
        assert.ok(cut.length > 64 * 1024 - 4 && cut.length <= 64 * 1024, `${name} has ${cut.length} bytes`);
      }
      assert.deepEqual(readdirSync(folder), [], 'a value was run');
    });
  });

  test('starts with as many and as large values as a workflow can have', () => {
    const many = (count: number, length: (index: number) => number): string[] =>
      Array.from({ length: count }, (_, index) => String(index % 10).repeat(length(index)));
    const { variables, files } = environment({
      service: `acme/${'x'.repeat(100)}`,
      inputs: many(100, () => 8 * 1024),
      outputs: many(200, (index) => (index % 2 === 0 ? 64 * 1024 : 2_000_000)),
      previousOutput: 'x'.repeat(2_000_000),
    });
    const seen = runWith(variables);
    expect(seen.get('INPUTS_I99')?.length).toBe(8 * 1024);
    expect(seen.get('NODES_N_0_OUTPUT')?.length).toBe(64 * 1024);
    expect(files.length).toBeGreaterThan(100);
  });

  test('has no variable of which a value made the name', () => {
    const names = fc.record({ inputs: fc.array(hostileValue), outputs: fc.array(hostileText), service: hostileText });
    cases.hold(names, 1_000, (values) => {
      for (const [name, value] of Object.entries(environment(values).variables)) {
        assert.match(
          name,
          /^(?:SERVICE(?:_NAME|_DIR|_ID)?|SIBLINGS_DIR|FLEET_ID|BASE_BRANCH|INPUTS_I\d+|LOOP_(?:ITERATION|PREVIOUS_OUTPUT)|NODES_N_\d+_(?:OUTPUT|EXIT_CODE))$/,
        );
        assert.ok(!value.includes('\0') || name.startsWith('SERVICE'), `${name} holds NUL`);
      }
    });
  });
});

test('all of these cases ran', () => {
  expect(cases.ran()).toBeGreaterThanOrEqual(5_514);
});
