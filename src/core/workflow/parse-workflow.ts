import { normalize } from './normalize.ts';
import { checkShape } from './read/check-shape.ts';
import { placeOfKey, placeOfValue, type YamlFile } from './read/places.ts';
import { readYaml } from './read/read-yaml.ts';
import { salvage } from './read/salvage.ts';
import { checkRules, needsTheWholeFile } from './rules/all-rules.ts';
import type { Finding } from './rules/finding.ts';
import type { Fault, Workflow } from './types.ts';
import { writtenWorkflow } from './written.ts';

export type ParsedWorkflow = { ok: true; workflow: Workflow } | { ok: false; faults: Fault[] };

const MAX_FAULTS = 200;
/** A fault quotes the file, in which a name can have a million characters. */
const MAX_TEXT = 1000;

/**
 * From a file's text to a workflow with every default filled in, or all of its faults at once, in the order of the file.
 * `file` is the name that faults show. Never throws for any text.
 */
export function parseWorkflow(text: string, file: string): ParsedWorkflow {
  const read = readYaml(text, file);
  if (!read.ok) return read;
  const misshapen = checkShape(read.file.data);
  const whole = writtenWorkflow.safeParse(read.file.data);
  if (misshapen.length === 0 && whole.success) {
    const workflow = normalize(whole.data);
    const broken = checkRules(workflow);
    return broken.length === 0 ? { ok: true, workflow } : { ok: false, faults: locate(read.file, file, broken) };
  }
  const rest = salvage(read.file.data, misshapen);
  const further = rest ? checkRules(normalize(rest)).filter((finding) => !needsTheWholeFile(finding)) : [];
  return { ok: false, faults: locate(read.file, file, [...misshapen.slice(0, MAX_FAULTS), ...further]) };
}

function locate(source: YamlFile, file: string, findings: readonly Finding[]): Fault[] {
  return findings
    .map(({ path, onKey, excerpt, code, message, hint }) => {
      const place = onKey ? placeOfKey(source, path) : placeOfValue(source, path, excerpt);
      return { file, ...place, code, message: cut(message), hint: cut(hint) };
    })
    .sort((a, b) => a.line - b.line || a.column - b.column)
    .slice(0, MAX_FAULTS);
}

const cut = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}...` : text);
