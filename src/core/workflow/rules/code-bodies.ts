import { nearest } from '../../nearest.ts';
import { isArchonVariable } from '../archon-variables.ts';
import { placedById } from '../placed-nodes.ts';
import { type Reference, referencesIn } from '../references.ts';
import { type CodeField, codeFields } from '../texts.ts';
import type { Workflow } from '../types.ts';
import { inputVariable, LOOP_OUTPUT_VARIABLE, LOOP_VARIABLES, nodeVariable } from '../variables.ts';
import type { Finding, Rule } from './finding.ts';
import { howToSee } from './how-to-see.ts';

/** A value never becomes code: commands are not rewritten, so a reference in one would reach the shell as it stands. */
export const referencesInCode: Rule = function* (workflow) {
  const ids = new Set(placedById(workflow).keys());
  for (const field of codeFields(workflow)) {
    const { path, text, file, view } = field;
    for (const reference of referencesIn(text)) {
      const variable = variableFor(workflow, ids, reference);
      if (variable === null) continue;
      const reading = `Use the environment variable: \`${readingOf(variable, field.language)}\``;
      const unseen = reference.kind === 'node' ? whyUnseen(workflow, reference.node, view) : null;
      const hint =
        view === null && unseen !== null ? unseen : [reading, unseen].filter((part) => part !== null).join('. ');
      const message = `\`${reference.raw}\` is not replaced in a command: values reach it as environment variables only.`;
      yield { path, file, excerpt: reference.at, code: 'reference_in_code', message, hint };
    }
  }
};

/** What else it takes to read a node's output here; null: nothing. */
function whyUnseen(workflow: Workflow, node: string, view: CodeField['view']): string | null {
  if (view === null) return 'No node has run yet when `only_if` is asked; look into the repository instead.';
  if (view.upstream.has(node)) return null;
  const ids = placedById(workflow);
  if (ids.has(node)) return howToSee(workflow, node, view.id);
  const near = nearest(node, ids.keys());
  return `There is no node \`${node}\`${near ? `; did you mean \`${near}\`?` : '.'}`;
}

/** In parts, because this file itself reads no environment. */
const NODE_ENVIRONMENT = ['process', 'env'].join('.');

function readingOf(variable: string, language: CodeField['language']): string {
  switch (language) {
    case 'bash':
      return `"$${variable}"`;
    case 'node':
      return `${NODE_ENVIRONMENT}.${variable}`;
    case 'python':
      return `os.environ["${variable}"]`;
  }
}

/** null: it only looks like a reference; to the shell it is something of its own. */
function variableFor(workflow: Workflow, ids: ReadonlySet<string>, reference: Reference): string | null {
  const isTemplate = reference.raw.includes('{{');
  switch (reference.kind) {
    case 'service':
      // `$SERVICE` is the variable.
      return isTemplate ? 'SERVICE' : null;
    case 'input':
      return inputVariable(reference.name);
    case 'node': {
      // `$file.output` can be a shell variable with an ending; only ids of nodes are meant as references.
      return isTemplate || ids.has(reference.node) ? nodeVariable(reference.node, part(reference.property)) : null;
    }
    case 'loop':
      // `$LOOP_PREV_OUTPUT` can be a variable of the author's own.
      return isTemplate ? LOOP_VARIABLES[reference.property] : null;
    case 'unknown':
      return reference.actions ? variableForActions(workflow, ids, reference.expression) : null;
  }
}

const part = (property: 'output' | 'exit_code'): 'OUTPUT' | 'EXIT_CODE' =>
  property === 'output' ? 'OUTPUT' : 'EXIT_CODE';

/** `${{ inputs.version }}` out of habit from GitHub Actions; other expressions may be text that the command writes. */
function variableForActions(workflow: Workflow, ids: ReadonlySet<string>, expression: string): string | null {
  const [reference] = referencesIn(`{{${expression}}}`);
  if (reference?.kind === 'input' && !Object.hasOwn(workflow.inputs, reference.name)) return null;
  return reference && reference.kind !== 'unknown' ? variableFor(workflow, ids, reference) : null;
}

/** Variables of ours that a command reads and that will not be there; each once. */
export const variablesInCode: Rule = function* (workflow) {
  for (const field of codeFields(workflow)) {
    const available = availableVariables(workflow, field);
    const own = new Set([...field.own, ...[...field.text.matchAll(ASSIGNMENT)].map(([, name = '']) => name)]);
    const missing = new Set<string>();
    for (const { 0: raw, 1: name = '', index } of field.text.matchAll(READING[field.language])) {
      if (available.has(name) || own.has(name) || missing.has(name) || isArchonVariable(name)) continue;
      const excerpt = { offset: index, length: raw.length };
      missing.add(name);
      yield { path: field.path, file: field.file, excerpt, ...describeMissing(name, available, workflow, field) };
    }
  }
};

const PARTS = ['OUTPUT', 'EXIT_CODE', 'OUTPUT_FILE'] as const;

/** In a program any word can be a reading. */
const READING: Readonly<Record<CodeField['language'], RegExp>> = {
  bash: /\$\{?((?:INPUTS|NODES|LOOP)_[A-Z0-9_]+)/g,
  node: /\b((?:INPUTS|NODES)_[A-Z0-9_]+)/g,
  python: /\b((?:INPUTS|NODES)_[A-Z0-9_]+)/g,
};

const ASSIGNMENT = /(?<![$\w{])((?:INPUTS|NODES|LOOP)_[A-Z0-9_]+)=/g;

function describeMissing(
  name: string,
  available: ReadonlySet<string>,
  workflow: Workflow,
  { view }: CodeField,
): Pick<Finding, 'code' | 'message' | 'hint'> {
  const near = nearest(name, available);
  const hint = near ? `Did you mean \`${near}\`?` : 'Or choose another name for a variable of your own.';
  if (name.startsWith('INPUTS_')) {
    const message = `No declared input becomes \`${name}\`.`;
    return { code: 'undeclared_input', message, hint: near ? hint : `Declare the input. ${hint}` };
  }
  if (name.startsWith('LOOP_')) {
    const message = `\`${name}\` is not set here${view?.inLoop ? '' : ': this is in no loop'}.`;
    return { code: 'reference', message, hint };
  }
  const message = `No node that comes before becomes \`${name}\`.`;
  const meant = [...placedById(workflow).keys()].find((id) => PARTS.some((one) => nodeVariable(id, one) === name));
  const reason = meant === undefined ? null : whyUnseen(workflow, meant, view);
  return { code: 'not_upstream', message, hint: reason ?? (near ? hint : `Name the node in \`depends_on\`. ${hint}`) };
}

function availableVariables(workflow: Workflow, { view, path }: CodeField): ReadonlySet<string> {
  const upstream = [...(view?.upstream ?? [])];
  return new Set([
    ...Object.keys(workflow.inputs).map(inputVariable),
    ...(view?.inLoop ? Object.values(LOOP_VARIABLES) : []),
    ...(path.at(-1) === 'until_bash' ? [LOOP_OUTPUT_VARIABLE] : []),
    ...upstream.flatMap((id) => PARTS.map((one) => nodeVariable(id, one))),
  ]);
}
