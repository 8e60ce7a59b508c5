import { compileOutputFormat, type OutputCheck } from '../../core/workflow/output-format.ts';
import { parseAnswer } from '../../core/workflow/parse-answer.ts';
import type { OutputFormat } from '../../core/workflow/types.ts';
import { failed, type NodeResult } from '../node-result.ts';

/** A completed node whose output does not fit its `output_format` failed; one whose output fits has the JSON as output. */
export function checkOutput(result: NodeResult, format: OutputFormat | null): NodeResult {
  if (format === null || result.status !== 'completed') return result;
  const read = readOutput(result.output, format);
  if (read.faults.length === 0) return { ...result, output: read.json };
  return failed(result, result.exitCode === null ? 'agent' : 'command', misfit(read.faults));
}

/** The output as JSON, and in what it does not fit. */
export function readOutput(output: string, format: OutputFormat): { json: string; faults: string[] } {
  const value = parseAnswer(output);
  if (value === undefined) return { json: '', faults: ['The answer is no JSON.'] };
  const json = stringify(value);
  if (json === null) return { json: '', faults: ['The answer is nested too deeply.'] };
  return { json, faults: checkOf(format)(value) };
}

/** null: nested more deeply than the stack reaches. */
function stringify(value: unknown): string | null {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function checkOf(format: OutputFormat): OutputCheck {
  const compiled = compileOutputFormat(format);
  // The rules have compiled it before the fleet began.
  if (!compiled.ok) throw new TypeError(`output_format: ${compiled.problem}`);
  return compiled.check;
}

const misfit = (faults: readonly string[]): string =>
  `gave an answer that does not fit \`output_format\`: ${faults.join(' ')}`;
