import { type Surroundings, UNKNOWN_SURROUNDINGS } from '../beside.ts';
import { placedNodes } from '../placed-nodes.ts';
import { locate } from '../read/locate.ts';
import { readYaml } from '../read/read-yaml.ts';
import { referencesIn } from '../references.ts';
import { type Finding, MAX_FINDINGS_PER_RULE } from '../rules/finding.ts';
import { type CodeField, codeFields } from '../texts.ts';
import type { Fault, Workflow } from '../types.ts';
import { bashWarnings } from './bash-warnings.ts';
import { scriptWarnings } from './script-warnings.ts';

/**
 * What is dangerous in the commands of a workflow without faults: nothing that is wrong in every case, and nothing that
 * keeps it from running. Codes begin with `warning/`; the first 50. Commands of included workflows belong to their files.
 */
export function findWarnings(text: string, file: string, { files }: Surroundings, workflow: Workflow): Fault[] {
  const read = readYaml(text, file);
  if (!read.ok) return [];
  const beside = {
    ...UNKNOWN_SURROUNDINGS,
    file: (path: string) => (Object.hasOwn(files, path) ? files[path] : undefined),
  };
  return locate(read.file, file, firstOf(warningsOf(workflow)), beside);
}

function* warningsOf(workflow: Workflow): Generator<Finding> {
  const templates = templatesOf(workflow);
  for (const field of codeFields(workflow)) {
    for (const { at, ...warning } of warningsIn(field, templates.get(placeOfNode(field)) ?? new Set())) {
      yield { path: field.path, file: field.file, excerpt: at, ...warning };
    }
  }
}

const warningsIn = ({ text, language }: CodeField, own: ReadonlySet<string>) =>
  language === 'bash' ? bashWarnings(text, own) : scriptWarnings(text, language, own);

const placeOfNode = ({ path }: CodeField): string => path.slice(0, -1).join('.');

/** By place of the node: its own variables into which a value is put. */
function templatesOf(workflow: Workflow): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    placedNodes(workflow).map(({ node, path }) => {
      const env = node.kind === 'bash' || node.kind === 'script' ? Object.entries(node.env) : [];
      const foreign = env.filter(([, value]) => referencesIn(value).length > 0).map(([name]) => name);
      return [path.join('.'), new Set(foreign)];
    }),
  );
}

function firstOf(findings: Iterable<Finding>): Finding[] {
  const first: Finding[] = [];
  for (const finding of findings) {
    first.push(finding);
    if (first.length === MAX_FINDINGS_PER_RULE) break;
  }
  return first;
}
