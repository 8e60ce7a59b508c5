import type { Beside } from '../beside.ts';
import type { Workflow } from '../types.ts';
import { approvals } from './approvals.ts';
import { archonVariables } from './archon-variables.ts';
import { branchTemplate } from './branch-template.ts';
import { referencesInCode, variablesInCode } from './code-bodies.ts';
import { conditions } from './conditions.ts';
import { decisions } from './decisions.ts';
import { cycles, dependencies } from './dependencies.ts';
import { expandedNodes, expandedTexts } from './expansion.ts';
import { filesBeside } from './files-beside.ts';
import { type Finding, MAX_FINDINGS_PER_RULE, type Rule } from './finding.ts';
import { includes } from './includes.ts';
import { inlineScripts } from './inline-scripts.ts';
import { inputDefinitions, UNUSED_INPUT, unusedInputs } from './inputs.ts';
import { loops } from './loops.ts';
import { machine } from './machine.ts';
import { inputNames, nodeIds, workflowName } from './names.ts';
import { nodeStatuses } from './node-statuses.ts';
import { outputFields } from './output-fields.ts';
import { outputFormats } from './output-formats.ts';
import { ownVariables } from './own-variables.ts';
import { people } from './people.ts';
import { rollout } from './rollout.ts';
import { services } from './services.ts';
import { shortFields } from './short-fields.ts';
import { templates } from './templates.ts';
import { until } from './until.ts';

const RULES: readonly Rule[] = [
  workflowName,
  inputNames,
  inputDefinitions,
  unusedInputs,
  services,
  rollout,
  branchTemplate,
  people,
  nodeIds,
  dependencies,
  cycles,
  conditions,
  nodeStatuses,
  decisions,
  outputFields,
  templates,
  shortFields,
  referencesInCode,
  variablesInCode,
  archonVariables,
  inlineScripts,
  filesBeside,
  includes,
  expandedNodes,
  loops,
  until,
  ownVariables,
  outputFormats,
  approvals,
  machine,
];

/** Everything that is wrong with a workflow that has the right shape. */
export function checkRules(workflow: Workflow, beside: Beside): Finding[] {
  // Each further rule would read all of the texts again.
  const tooLarge = firstOf(expandedTexts(workflow, beside));
  return tooLarge.length > 0 ? tooLarge : RULES.flatMap((rule) => firstOf(rule(workflow, beside)));
}

function firstOf(findings: Iterable<Finding>): Finding[] {
  const first: Finding[] = [];
  for (const finding of findings) {
    first.push(finding);
    if (first.length === MAX_FINDINGS_PER_RULE) break;
  }
  return first;
}

/** Faults that say nothing when parts of the file could not be read, or were cut off because there are too many. */
export function needsTheWholeFile({ code }: Finding, misshapen: readonly Finding[]): boolean {
  const isCut = misshapen.some(({ code: cut }) => cut === 'too_many_inputs');
  return code === UNUSED_INPUT || (isCut && ABOUT_NAMES.includes(code));
}

const ABOUT_NAMES = ['undeclared_input'];
