import type { Beside } from '../beside.ts';
import type { Workflow } from '../types.ts';
import { approvals } from './approvals.ts';
import { branchTemplate } from './branch-template.ts';
import { referencesInCode, variablesInCode } from './code-bodies.ts';
import { conditions } from './conditions.ts';
import { cycles, dependencies } from './dependencies.ts';
import { filesBeside } from './files-beside.ts';
import { type Finding, MAX_FINDINGS_PER_RULE, type Rule } from './finding.ts';
import { includes } from './includes.ts';
import { inputDefinitions, UNUSED_INPUT, unusedInputs } from './inputs.ts';
import { loops } from './loops.ts';
import { machine } from './machine.ts';
import { inputNames, nodeIds, workflowName } from './names.ts';
import { outputFormats } from './output-formats.ts';
import { ownVariables } from './own-variables.ts';
import { people } from './people.ts';
import { services } from './services.ts';
import { templates } from './templates.ts';

const RULES: readonly Rule[] = [
  workflowName,
  inputNames,
  inputDefinitions,
  unusedInputs,
  services,
  branchTemplate,
  people,
  nodeIds,
  dependencies,
  cycles,
  conditions,
  templates,
  referencesInCode,
  variablesInCode,
  filesBeside,
  includes,
  loops,
  ownVariables,
  outputFormats,
  approvals,
  machine,
];

/** Everything that is wrong with a workflow that has the right shape. */
export const checkRules = (workflow: Workflow, beside: Beside): Finding[] =>
  RULES.flatMap((rule) => firstOf(rule(workflow, beside)));

function firstOf(findings: Iterable<Finding>): Finding[] {
  const first: Finding[] = [];
  for (const finding of findings) {
    first.push(finding);
    if (first.length === MAX_FINDINGS_PER_RULE) break;
  }
  return first;
}

/** Faults that say nothing when parts of the file could not be read. */
export const needsTheWholeFile = ({ code }: Finding): boolean => code === UNUSED_INPUT;
