import { type Beside, MAX_INCLUDES_DEEP, type Surroundings, UNKNOWN_SURROUNDINGS } from './beside.ts';
import { normalize } from './normalize.ts';
import { hasTooManyNodes } from './read/check-nodes.ts';
import { checkShape } from './read/check-shape.ts';
import { locate } from './read/locate.ts';
import { readYaml } from './read/read-yaml.ts';
import { isRecord } from './read/record.ts';
import { salvage } from './read/salvage.ts';
import { checkRules, needsTheWholeFile } from './rules/all-rules.ts';
import type { Fault, Workflow } from './types.ts';
import { writtenWorkflow } from './written/written-workflow.ts';

export type ParsedWorkflow = { ok: true; workflow: Workflow } | { ok: false; faults: Fault[] };

const MAX_FAULTS = 200;

/**
 * From a file's text to a workflow with every default filled in, or all of its faults at once, in the order of the file,
 * then those of the workflows that it includes. `file` is the name that faults show. Never throws for any text.
 * @param surroundings what the file names beside it; null: not looked for, and not missed
 */
export function parseWorkflow(text: string, file: string, surroundings: Surroundings | null = ALONE): ParsedWorkflow {
  return parse(text, file, surroundings, []);
}

const ALONE: Surroundings = { files: {}, includes: {} };

function parse(
  text: string,
  file: string,
  surroundings: Surroundings | null,
  around: readonly string[],
): ParsedWorkflow {
  const read = readYaml(text, file);
  if (!read.ok) return read;
  const { beside, faults } = include(surroundings, around.length > 0 ? around : ownName(read.file.data));
  const misshapen = checkShape(read.file.data);
  const whole = writtenWorkflow.safeParse(read.file.data);
  if (misshapen.length === 0 && whole.success) {
    const workflow = normalize(whole.data, beside);
    const broken = [...locate(read.file, file, checkRules(workflow, beside), beside), ...faults];
    return broken.length === 0 ? { ok: true, workflow } : { ok: false, faults: broken.slice(0, MAX_FAULTS) };
  }
  const rest = hasTooManyNodes(read.file.data) ? null : salvage(read.file.data, misshapen);
  const found = rest ? checkRules(normalize(rest, beside), beside) : [];
  const further = found.filter((one) => !needsTheWholeFile(one, misshapen));
  const own = locate(read.file, file, [...misshapen.slice(0, MAX_FAULTS), ...further], beside);
  return { ok: false, faults: [...own, ...faults].slice(0, MAX_FAULTS) };
}

const ownName = (data: unknown): string[] => (isRecord(data) && typeof data.name === 'string' ? [data.name] : []);

/** Every included workflow once, with its own surroundings; `around` are the names that lead here, its own last. */
function include(surroundings: Surroundings | null, around: readonly string[]): { beside: Beside; faults: Fault[] } {
  if (surroundings === null) return { beside: UNKNOWN_SURROUNDINGS, faults: [] };
  const { files, includes } = surroundings;
  const workflows = new Map<string, Workflow>();
  const faults: Fault[] = [];
  for (const [name, source] of Object.entries(includes)) {
    if (around.length > MAX_INCLUDES_DEEP) break;
    const parsed = parse(source.text, source.origin, source, [...around, name]);
    if (parsed.ok) workflows.set(name, parsed.workflow);
    else faults.push(...parsed.faults);
  }
  const beside: Beside = {
    file: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
    workflow: (name) => workflows.get(name),
    exists: (name) => Object.hasOwn(includes, name),
    around,
    knows: true,
  };
  return { beside, faults };
}
