import { describe, expect, it } from 'vitest';
import { whenHolds } from '../../../../src/core/workflow/condition/evaluate.ts';
import { parseCondition } from '../../../../src/core/workflow/condition/parse-condition.ts';
import type { NodeOutcome } from '../../../../src/core/workflow/types.ts';

const nodes = new Map<string, NodeOutcome>([
  ['test', { status: 'failed', exitCode: 10, output: '3 failed\n' }],
  ['look', { status: 'completed', exitCode: 0, output: '{"kind":"npm","count":12,"ok":true,"deep":{"a":"b"}}' }],
  ['ask', { status: 'completed', exitCode: null, output: 'yes' }],
]);
const inputs = { version: '2.0', text: "it's && $test.output" };

describe('a condition', () => {
  it.each([
    ['$test.exit_code != 0', true],
    ['$test.exit_code > 9', true],
    ["$test.exit_code == '10'", true],
    ['$test.exit_code < 9', false],
    ["$test.output == '3 failed'", true],
    ['$test.output > 2', false],
    ['$test.output < 2', false],
    ["$look.output.kind == 'npm'", true],
    ['$look.output.count >= 12', true],
    ['$look.output.ok == true', true],
    ["$look.output.deep.a == 'b'", true],
    ["$look.output.missing == ''", true],
    ["$look.output.constructor == ''", true],
    ["$test.output.kind == ''", true],
    ["$test.status == 'failed'", true],
    ["$gone.status == 'pending'", true],
    ["$inputs.version == '2.0'", true],
    ['$inputs.version == 2', true],
    ["$inputs.gone == ''", true],
    ['$inputs.text == "it\'s && $test.output"', true],
    ['true', true],
    ['false', false],
    ['false && true || true', true],
    ['true || true && false', true],
    ['(true || true) && false', false],
    ['1 == 1 && 2 != 3', true],
    ['-1 < 1.5', true],
  ])('%s is %s', (when, expected) => {
    expect(whenHolds(when, { nodes, inputs })).toBe(expected);
  });

  it.each(['== 0', '!= 0', '< 1', '>= 0'])('with the exit code of what is no command (%s) is false', (rest) => {
    expect(whenHolds(`$ask.exit_code ${rest}`, { nodes, inputs })).toBe(false);
    expect(whenHolds(`$gone.exit_code ${rest}`, { nodes, inputs })).toBe(false);
  });

  it.each([
    ['$test.exit_code = 0', 16],
    ['$test.exit_code', 0],
    ['$test.exit_code ==', 18],
    ['$test.exitcode == 0', 0],
    ['$inputs == 1', 0],
    ['$test.output == yes', 16],
    ["$test.output == 'yes", 16],
    ['true and false', 5],
    ['(true', 5],
    ['true)', 4],
    ['true true', 5],
    ['!true', 0],
    ['&& true', 0],
    ['', 0],
    ['1.2.3 == 1', 0],
    [`${'('.repeat(40)}true`, 32],
  ])('%j cannot be read, from offset %i', (when, offset) => {
    expect(parseCondition(when)).toMatchObject({ ok: false, fault: { at: { offset } } });
  });
});
