import assert from 'node:assert/strict';
import type fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { parseLayer, parseOperatorSettings } from '../../src/core/settings/parse-settings.ts';
import { formatFault } from '../../src/core/workflow/code-frame.ts';
import { parseWorkflow } from '../../src/core/workflow/parse-workflow.ts';
import { readYaml } from '../../src/core/workflow/read/read-yaml.ts';
import type { Fault } from '../../src/core/workflow/types.ts';
import { createCases, withoutHang } from './cases.ts';
import {
  anyFile,
  fileOf,
  hugeFile,
  mutatedFile,
  mutatedSettings,
  mutatedWorkflow,
  randomText,
  structuredData,
} from './workflow-texts.ts';

// These only compute: on a busy machine the clock says nothing, and what hangs is told by the processor's time.
vi.setConfig({ testTimeout: 120_000 });

const cases = createCases();
const FILE = 'acme/platform:.github/fleet/x.yml';
let taken = 0;

/** Either a workflow, or faults of which each says where, what, and what to do. */
function assertAnswered(text: string): void {
  const parsed = withoutHang(() => parseWorkflow(text, FILE, null));
  if (parsed.ok) taken += 1;
  else assertLocated(text, parsed.faults);
}

function assertLocated(text: string, faults: readonly Fault[]): void {
  assert.ok(faults.length > 0, 'refused without a fault');
  const lines = text.split('\n');
  for (const fault of faults) {
    const { file, line, column, code, message, hint } = fault;
    assert.equal(file, FILE);
    assert.match(code, /^[a-z_]+$/);
    assert.ok(message !== '' && hint !== '', `${code} without words`);
    assert.ok(
      Number.isInteger(line) && line >= 1 && line <= lines.length,
      `${code} in line ${line} of ${lines.length}`,
    );
    const width = lines[line - 1]?.length ?? 0;
    assert.ok(
      Number.isInteger(column) && column >= 1 && column <= width + 1,
      `${code} in column ${column} of ${width}`,
    );
  }
  const [first] = faults;
  if (first !== undefined) assert.ok(formatFault(first, text).startsWith(`${FILE}:${first.line}:${first.column}: `));
}

const assertAll = (texts: fc.Arbitrary<string>, runs: number): void => cases.hold(texts, runs, assertAnswered);

describe('a file for a workflow is taken, or refused with the place and the remedy of every fault, within a second:', () => {
  test('any text', () => assertAll(randomText, 12_000));
  test('a workflow in which something slipped', () => assertAll(mutatedWorkflow, 1_600));
  test('a file that ships, in which something slipped', () => assertAll(mutatedFile, 250));
  test('data of any shape in the words of the language', () => assertAll(structuredData, 1_500));
  test('megabytes', () => cases.hold(hugeFile, 8, (file) => assertAnswered(fileOf(file))));
});

test('a file that is only read as YAML becomes data, or faults with their places', () => {
  cases.hold(anyFile, 14_000, (text) => {
    const read = withoutHang(() => readYaml(text, FILE));
    if (!read.ok) assertLocated(text, read.faults);
  });
});

test('a file of settings in which something slipped is taken, or refused with the place of every fault', () => {
  cases.hold(mutatedSettings, 300, (text) => {
    for (const read of [parseOperatorSettings, parseOrganization]) {
      const parsed = withoutHang(() => read(text, FILE));
      if (!parsed.ok) assertLocated(text, parsed.faults);
    }
  });

  function parseOrganization(text: string, file: string) {
    return parseLayer(text, file, 'organization');
  }
});

test('all of these cases ran, and some of the files were workflows', () => {
  expect(cases.ran()).toBeGreaterThanOrEqual(29_658);
  expect(taken).toBeGreaterThanOrEqual(50);
});
