import { createHash } from 'node:crypto';
import { referencesIn } from './references.ts';
import type { Workflow } from './types.ts';
import { isValidBranch } from './valid-branch.ts';

export const MAX_BRANCH_LENGTH = 100;
const MAX_SLUG_LENGTH = 24;

interface Part {
  text: string;
  /** Something of the value is not in the text, so that another value could have the same. */
  lossy: boolean;
}

/**
 * The branch on which every repository of a fleet gets its pull request: the workflow's template, or
 * `fleet/<workflow>-<slug of each required input>`. Values enter as slugs; where that loses something, 6 hex digits of the
 * SHA-256 of all inputs follow. Always valid for git.
 */
export function branchName(
  workflow: Pick<Workflow, 'name' | 'branch' | 'inputs'>,
  inputs: Readonly<Record<string, string>>,
): string {
  const parts = workflow.branch === null ? defaultParts(workflow, inputs) : templateParts(workflow.branch, inputs);
  const joined = parts.map(({ text }) => text).join('');
  const lossy = parts.some((part) => part.lossy);
  if (!lossy && joined.length <= MAX_BRANCH_LENGTH && isValidBranch(joined)) return joined;
  const suffix = `-${digest(inputs)}`;
  const room = MAX_BRANCH_LENGTH - suffix.length;
  // Making a cut name valid can lengthen it, so it is cut once more.
  const name = makeValid(makeValid(joined.slice(0, room)).slice(0, room));
  return `${name.replace(/-+$/, '')}${suffix}`;
}

function defaultParts(workflow: Pick<Workflow, 'name' | 'inputs'>, inputs: Readonly<Record<string, string>>): Part[] {
  const required = Object.entries(workflow.inputs).filter(([, definition]) => definition.required);
  return [
    { text: `fleet/${workflow.name}`, lossy: false },
    ...required.flatMap(([name]) => [{ text: '-', lossy: false }, slug(value(inputs, name))]),
  ];
}

function templateParts(template: string, inputs: Readonly<Record<string, string>>): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const reference of referencesIn(template)) {
    parts.push({ text: template.slice(from, reference.at.offset), lossy: false });
    parts.push(reference.kind === 'input' ? slug(value(inputs, reference.name)) : { text: '', lossy: true });
    from = reference.at.offset + reference.at.length;
  }
  return [...parts, { text: template.slice(from), lossy: false }];
}

const value = (inputs: Readonly<Record<string, string>>, name: string): string =>
  Object.hasOwn(inputs, name) ? (inputs[name] ?? '') : '';

function slug(from: string): Part {
  const text = from
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .slice(0, MAX_SLUG_LENGTH)
    .replace(/^[.-]+|[.-]+$/g, '');
  return { text: text === '' ? 'x' : text, lossy: text !== from };
}

/** Leaves a valid name as it is; of another one, takes away what git refuses. */
function makeValid(name: string): string {
  if (isValidBranch(name)) return name;
  const parts = name
    .replace(/[^\w./-]+/g, '-')
    .replace(/\.{2,}/g, '.')
    .split('/')
    .map((part) => part.replace(/^[.-]+/, '').replace(/(?:\.lock|\.)+$/, ''))
    .filter((part) => part !== '');
  const cleaned = parts.join('/');
  return isValidBranch(cleaned) ? cleaned : `fleet/${cleaned.replace(/^refs\//, '') || 'x'}`;
}

/** Of every input in alphabetical order, so that the order of writing does not matter. */
function digest(inputs: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(inputs).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 6);
}
