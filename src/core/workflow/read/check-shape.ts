import type { z } from 'zod';
import { nearest } from '../../nearest.ts';
import type { Finding } from '../rules/finding.ts';
import { knownKeys } from '../written/known-keys.ts';
import { writtenWorkflow } from '../written/written-workflow.ts';
import { insteadOfArchonKey } from './archon-keys.ts';
import { checkNodes } from './check-nodes.ts';
import type { Path } from './places.ts';
import { isRecord } from './record.ts';

export const MAX_INPUTS = 100;

/** More misspelled keys help nobody, and looking for the ones meant would take seconds. */
const MAX_FINDINGS = 200;

/** Every place where the file does not have the shape of a workflow; of what the schema finds, the first 200. */
export function checkShape(data: unknown): Finding[] {
  const parsed = writtenWorkflow.safeParse(data, { reportInput: true });
  const issues = parsed.success ? [] : parsed.error.issues.flatMap((issue) => unfold(issue, []));
  return [...firstFindings(issues), ...checkNodes(data), ...checkInputs(data)];
}

function firstFindings(issues: readonly Issue[]): Finding[] {
  const findings: Finding[] = [];
  for (const issue of issues) {
    if (findings.length >= MAX_FINDINGS) break;
    for (const finding of findingsOf(issue)) findings.push(finding);
  }
  return findings.slice(0, MAX_FINDINGS);
}

type Issue = z.core.$ZodIssue;

/** An issue of a union says nothing; the issues of the one branch that fits the value's type say it all. */
function unfold(issue: Issue, prefix: Path): Issue[] {
  const path = [...prefix, ...pathOf(issue)];
  if (issue.code === 'invalid_union') {
    const fitting = issue.errors.filter(
      (branch) =>
        !branch.some(({ code, path: at }) => at.length === 0 && (code === 'invalid_type' || code === 'invalid_value')),
    );
    const [branch] = fitting;
    if (fitting.length === 1 && branch && branch.some((nested) => nested.message !== '')) {
      return branch.flatMap((nested) =>
        unfold(nested.message === '' ? { ...nested, message: issue.message } : nested, path),
      );
    }
  }
  return [{ ...issue, path }];
}

function pathOf(issue: Issue): Path {
  return issue.path.filter((part) => typeof part !== 'symbol');
}

function findingsOf(issue: Issue): Finding[] {
  const path = pathOf(issue);
  if (issue.code === 'unrecognized_keys') return issue.keys.slice(0, MAX_FINDINGS).map((key) => unknownKey(path, key));
  const place = path.length === 0 ? 'The file' : `\`${pathText(path)}\``;
  if (issue.input === undefined) {
    return [{ path: path.slice(0, -1), code: 'missing_key', message: `${place} is missing.`, hint: issue.message }];
  }
  const message = `${place} is ${describe(issue.input)}, which does not fit.`;
  return [{ path, code: 'invalid_value', message, hint: issue.message }];
}

function unknownKey(path: Path, key: string): Finding {
  const at = [...path, key];
  const known = knownKeys(path);
  const near = nearest(key, known);
  const meant = near ? `Did you mean \`${near}\`?` : `Known here: ${known.join(', ')}.`;
  const hint = insteadOfArchonKey(path, key) ?? meant;
  return { path: at, onKey: true, code: 'unknown_key', message: `\`${pathText(at)}\` is not a known key.`, hint };
}

function checkInputs(data: unknown): Finding[] {
  const names = isRecord(data) && isRecord(data.inputs) ? Object.keys(data.inputs) : [];
  const first = names[MAX_INPUTS];
  if (first === undefined) return [];
  const message = `The workflow has ${names.length} inputs; ${MAX_INPUTS} are allowed.`;
  const hint = 'Put what belongs together into a file of the repository.';
  return [{ path: ['inputs', first], onKey: true, code: 'too_many_inputs', message, hint }];
}

/** `nodes[1].timeout`; long keys are cut, because each of many faults below them shows them. */
function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    const key = part.slice(0, 80);
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

function describe(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  switch (typeof value) {
    case 'string':
      return value === '' ? 'an empty text' : `the text \`${value.length > 40 ? `${value.slice(0, 40)}...` : value}\``;
    case 'number':
      return `the number ${value}`;
    case 'boolean':
      return `\`${value}\``;
    default:
      return 'a map';
  }
}
