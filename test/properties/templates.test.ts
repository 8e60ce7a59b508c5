import assert from 'node:assert/strict';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, test } from 'vitest';
import { withoutLastNewlines } from '../../src/core/workflow/node-output.ts';
import { renderPrompt, renderTemplate, type TemplateValues } from '../../src/core/workflow/template.ts';
import { hostileText, hugeText, written } from './arbitraries.ts';
import { createCases, withoutHang } from './cases.ts';

const cases = createCases();

type Values = Record<'version' | 'note' | 'service' | 'output' | 'previous', string>;

const hostileValues: fc.Arbitrary<Values> = fc.record({
  version: hostileText,
  note: hostileText,
  service: hostileText,
  output: hostileText,
  previous: hostileText,
});

const templateValues = ({ version, note, service, output, previous }: Values): TemplateValues => ({
  inputs: { version, note },
  service,
  nodes: new Map([['test', { status: 'failed', exitCode: 3, output }]]),
  loop: { iteration: 2, previousOutput: previous },
});

/** How each can be referred to, and what then stands there. */
const REFERENCES: readonly (readonly [string, (values: Values) => string])[] = [
  ['{{version}}', ({ version }) => version],
  ['{{ inputs.note }}', ({ note }) => note],
  ['{{service}}', ({ service }) => service],
  ['$SERVICE', ({ service }) => service],
  ['{{nodes.test.output}}', ({ output }) => withoutLastNewlines(output)],
  ['$test.output', ({ output }) => withoutLastNewlines(output)],
  ['$test.exit_code', () => '3'],
  ['{{loop.previous_output}}', ({ previous }) => previous],
  ['{{loop.iteration}}', () => '2'],
];
/** None of these makes a reference of its neighbours, or takes one from them. */
const BETWEEN = ['', ' ', '\n', ' { ', ' } ', ' $ ', ' and ', '\n```\n'];

const pieces = fc.array(fc.tuple(fc.constantFrom(...BETWEEN), fc.constantFrom(...REFERENCES)), { maxLength: 6 });

describe('a text with values in it', () => {
  test('holds each value as it is: what looks like a reference in one is never read again', () => {
    cases.hold(fc.tuple(pieces, hostileValues), 4_000, ([references, values]) => {
      const template = references.map(([between, [reference]]) => `${between}${reference} `).join('');
      const expected = references.map(([between, [, value]]) => `${between}${value(values).toWellFormed()} `).join('');
      assert.equal(renderTemplate(template, templateValues(values)), expected);
    });
  });

  test('never fails, whatever the template itself is', () => {
    cases.hold(fc.tuple(hostileText, hostileValues), 2_000, ([template, values]) => {
      assert.ok(renderTemplate(template, templateValues(values)).length >= 0);
      assert.ok(renderPrompt(template, templateValues(values)).length >= 0);
    });
  });

  test('stays bounded when its values are megabytes', () => {
    cases.hold(hugeText, 6, (size) => {
      const huge = written(size);
      const values = templateValues({ version: huge, note: huge, service: 'acme/api', output: huge, previous: huge });
      const template = '{{version}} {{note}} {{nodes.test.output}} {{nodes.test.output.field}}';
      assert.ok(withoutHang(() => renderTemplate(template, values)).length < 300_000);
    });
  });
});

describe('the output of a node in a prompt', () => {
  const markdown = new MarkdownIt();
  /** What a reader of the prompt finds as code, in order. */
  const codeIn = (prompt: string) => markdown.parse(prompt, {}).filter(({ type }) => type === 'fence');

  test('stands alone in a fence that it cannot close', () => {
    cases.hold(fc.tuple(hostileText, hostileText, hostileText), 3_000, ([output, other, before]) => {
      const nodes: TemplateValues['nodes'] = new Map([
        ['test', { status: 'failed', exitCode: 3, output }],
        ['lint', { status: 'completed', exitCode: 0, output: other }],
      ]);
      const loop = { iteration: 2, previousOutput: before };
      const template = 'Tests: {{nodes.test.output}} and $lint.output.\nBefore:{{loop.previous_output}}.\n\nMend it.';
      const prompt = renderPrompt(template, { inputs: {}, service: 'acme/api', nodes, loop });
      const codes = codeIn(prompt);
      const expected = [withoutLastNewlines(output), withoutLastNewlines(other), before].map(
        (text) => `${text.replaceAll('\0', '').toWellFormed()}\n`,
      );
      assert.deepEqual(
        codes.map(({ content }) => content),
        expected.map((text) => text.replace(/\r\n?/g, '\n')),
      );
      const end = codes.at(-1)?.map?.[1] ?? 0;
      const lines = prompt.replace(/\r\n?/g, '\n').split('\n');
      assert.equal(lines.slice(end).join('\n'), '.\n\nMend it.');
    });
  });

  test('is cut to its end when it is megabytes, and stays in its fence', () => {
    cases.hold(hugeText, 6, (size) => {
      const output = written(size);
      const nodes: TemplateValues['nodes'] = new Map([['test', { status: 'failed', exitCode: 3, output }]]);
      const prompt = withoutHang(() =>
        renderPrompt('{{nodes.test.output}}\nMend it.', { inputs: {}, service: 'acme/api', nodes, loop: null }),
      );
      assert.ok(prompt.length < 200_000);
      assert.equal(codeIn(prompt).length, 1);
      assert.ok(prompt.endsWith('\nMend it.'));
    });
  });
});

test('all of these cases ran', () => {
  expect(cases.ran()).toBeGreaterThanOrEqual(9_012);
});
