import { entryText } from '../selection/faults.ts';
import { dollars, repositories } from './amounts.ts';
import { estimateText, estimateWarnings, expectedText } from './estimate-words.ts';
import { approvalText, canaryOfAll, haltText, wavesText } from './rollout-words.ts';
import { codeSpan, safeText } from './safe-text.ts';
import type { FleetView } from './views.ts';

/** Of `after`. */
const ENTRIES_NAMED = 5;

/** What an approval would run. */
export function planSection({ plan, branch, runAs }: FleetView): string {
  const inputs = Object.entries(plan.inputs).map(
    ([name, value]) => `  - ${safeText(name, 80)}: ${codeSpan(value, 200)}`,
  );
  const nodes = plan.workflow.nodes.slice(0, 30).map((node) => codeSpan(node.id, 80));
  const pace =
    plan.parallel === 1
      ? 'one after another'
      : plan.parallel === null
        ? 'side by side, up to the caps'
        : `up to ${plan.parallel} at once`;
  const lines = [
    `- Runs in ${repositories(plan.targets.length)}, ${pace}.`,
    ...rolloutLines(plan),
    ...agentLines(plan, runAs.login),
    plan.workflow.opensPullRequests
      ? `- ${plan.flags.preview ? 'Pushes nothing and shows the diffs. `/fleet publish` then opens' : 'Opens'} a pull request from ${codeSpan(branch, 255)} in each of them that changes${plan.flags.draft ? ', as a draft' : ''}.`
      : '- Opens no pull requests: what the nodes say is the result.',
    `- Nodes: ${nodes.join(', ')}${plan.workflow.nodes.length > nodes.length ? ', …' : ''}`,
  ];
  if (inputs.length > 0) lines.push('- Inputs:', ...inputs.slice(0, 20));
  return `### The plan\n\n${lines.join('\n')}`;
}

/** Plans of before have no estimate. */
function agentLines({ agentEstimate, budgetUsd }: FleetView['plan'], login: string): string[] {
  if (agentEstimate === null) {
    return budgetUsd === null ? [] : [`- All agents together may cost ${dollars(budgetUsd)}.`];
  }
  const warnings = estimateWarnings(agentEstimate, safeText(login, 100));
  return [
    `- Agents: ${estimateText(agentEstimate)}. ${expectedText(agentEstimate)}`,
    ...warnings.map((warning) => `  - ${warning}`),
  ];
}

function rolloutLines(plan: FleetView['plan']): string[] {
  const waves = wavesText(plan);
  const approval = approvalText(plan);
  const halt = haltText(plan);
  const after = plan.workflow.rollout?.after ?? [];
  const first = after.slice(0, ENTRIES_NAMED).map((entry) => codeSpan(entryText(entry), 200));
  const order = [...first, ...(after.length > first.length ? ['…'] : []), 'the others'];
  return [
    ...(waves === null ? [] : [`- In ${waves}.`]),
    ...(canaryOfAll(plan) ? ['- The canary is all of them: nothing waits for how it ends.'] : []),
    ...(approval === null ? [] : [`- Waits for approval ${approval}.`]),
    ...(halt === null ? [] : [`- Halts when ${halt} ${halt === '1' ? 'has' : 'have'} failed.`]),
    ...(after.length === 0 ? [] : [`- Order: ${order.join(', then ')}.`]),
  ];
}
