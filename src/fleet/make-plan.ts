import { askingNodes, type EarlierCosts, estimateAgents } from '../core/agent-estimate.ts';
import { quoteToken } from '../core/command/quote-token.ts';
import { resolveInputs } from '../core/inputs/resolve-inputs.ts';
import { nearest } from '../core/nearest.ts';
import type { Plan } from '../core/plan.ts';
import { Refusal } from '../core/refusals.ts';
import { repositories } from '../core/render/amounts.ts';
import { renderInputFaults } from '../core/render/request-faults.ts';
import type { RequestFlags } from '../core/request-flags.ts';
import { arrangeTargets } from '../core/rollout/arrange-targets.ts';
import { entryText } from '../core/selection/faults.ts';
import type { SharedSettings } from '../core/settings/types.ts';
import { branchName } from '../core/workflow/branch.ts';
import type { Workflow, WorkflowSource } from '../core/workflow/types.ts';
import type { FleetContext } from './context.ts';
import type { Selection } from './select-targets.ts';

/** Inputs with defaults filled in. Throws Refusal with every fault at once. */
export function resolveGivenInputs(
  workflow: Workflow,
  given: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const resolved = resolveInputs(workflow.inputs, given);
  if (resolved.ok) return resolved.values;
  throw new Refusal(
    'invalid_inputs',
    renderInputFaults(resolved.faults),
    `Give the command again with inputs that fit \`${workflow.name}\`.`,
  );
}

/** Freezes what was found into the plan that will run. Throws Refusal. */
export function makePlan(found: {
  context: Pick<FleetContext, 'settings'>;
  source: WorkflowSource;
  workflow: Workflow;
  inputs: Readonly<Record<string, string>>;
  selection: Selection;
  siblings: Plan['siblings'];
  settings: SharedSettings;
  flags: RequestFlags;
  /** US dollars that the person may still spend today; null: the operator sets no ceiling. */
  leftUsd: number | null;
  /** Of the same workflow; null: nothing is known. */
  earlierCosts: EarlierCosts | null;
}): Plan {
  const { workflow, inputs, selection, settings, flags } = found;
  const branch = branchName(workflow, inputs);
  refuseBase(branch, workflow, selection);
  const agents = chooseAgents(found.context, workflow, settings);
  const budgetUsd = leastOf(workflow.limits.budgetUsd, settings.maxFleetBudgetUsd);
  return {
    format: 3,
    source: found.source,
    workflow,
    inputs,
    branch,
    targets: inOrder(workflow, selection, flags),
    leftOut: selection.leftOut,
    siblings: found.siblings,
    flags,
    confirmOver: selection.targets.length > settings.confirmOver ? settings.confirmOver : null,
    parallel: parallelOf(workflow, flags, settings),
    allowMoreVisibleControlRepository: settings.allowMoreVisibleControlRepository,
    changeLimits: {
      maxFiles: settings.maxFiles,
      maxBytes: settings.maxBytes,
      protectedPaths: settings.protectedPaths,
    },
    agents,
    budgetUsd,
    agentEstimate: estimateAgents({
      workflow,
      agents,
      definitions: found.context.settings.agents,
      targets: selection.targets.length,
      budgetUsd,
      leftUsd: found.leftUsd,
      earlier: found.earlierCosts,
    }),
    notify: notifyOf(found.context, settings),
  };
}

function notifyOf({ settings: operator }: Pick<FleetContext, 'settings'>, { notify }: SharedSettings): Plan['notify'] {
  const { mention, webhook: url } = notify;
  if (url !== null) return { mention, webhook: { kind: 'url', url } };
  return { mention, webhook: operator.notify.webhookFrom === null ? null : { kind: 'operator' } };
}

/** Throws Refusal where an entry of the rollout selects nothing, unless it may be the command's flags that took it away. */
function inOrder(workflow: Workflow, { targets }: Selection, flags: RequestFlags): Plan['targets'] {
  // An installation is of one account.
  const arranged = arrangeTargets(workflow.rollout, targets, targets[0]?.ownerLogin ?? '');
  const [unmatched] = arranged.unmatched;
  const narrowed = [flags.tag, flags.match, flags.repo, flags.exclude].some((given) => given.length > 0);
  if (unmatched !== undefined && !narrowed) {
    throw new Refusal(
      'invalid_workflow',
      `\`rollout.${unmatched.key}\` (${quoteToken(entryText(unmatched.entry))}) selects none of the ${repositories(targets.length)} that the workflow runs in.`,
      'Correct the entry, or remove it.',
    );
  }
  return arranged.targets.map(({ id, fullName, visibility, wave, stage }) => ({
    repositoryId: id,
    repository: fullName,
    visibility,
    wave,
    stage,
  }));
}

/** A fleet owns its branch and rebuilds it, which must never happen to the one that pull requests go to. */
function refuseBase(branch: string, workflow: Workflow, { targets }: Selection): void {
  const { base } = workflow.pullRequest;
  const count = targets.filter(({ defaultBranch }) => defaultBranch === branch).length;
  if (branch !== base && count === 0) return;
  throw new Refusal(
    'invalid_workflow',
    branch === base
      ? `The fleet's branch would be \`${branch}\`, which is also the \`base\` of its pull requests.`
      : `The fleet's branch would be \`${branch}\`, which is the default branch of ${repositories(count)} among the targets.`,
    'Change `branch:` in the workflow, or the input that it is made of; without `branch:` it is `fleet/<workflow>-<inputs>`.',
  );
}

/** `--parallel` speaks for the workflow; the settings can only narrow. null: only the caps hold. */
function parallelOf(workflow: Workflow, flags: RequestFlags, settings: SharedSettings): number | null {
  return leastOf(flags.parallel ?? (workflow.parallel === 'caps' ? null : workflow.parallel), settings.parallel);
}

/** null: no limit. */
const leastOf = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other);

function chooseAgents(
  context: Pick<FleetContext, 'settings'>,
  workflow: Workflow,
  settings: SharedSettings,
): Record<string, string> {
  const configured = Object.keys(context.settings.agents);
  const allowed = configured.filter((name) => settings.agents === null || settings.agents.includes(name));
  const chosen: Record<string, string> = {};
  for (const { node, place } of askingNodes(workflow.nodes)) {
    const name = node.agent ?? context.settings.defaultAgent;
    if (name === null || !allowed.includes(name)) throw agentRefused(place, name, allowed);
    chosen[place] = name;
  }
  return chosen;
}

function agentRefused(node: string, name: string | null, allowed: readonly string[]): Refusal {
  const guess = name === null ? undefined : nearest(name, allowed);
  const known = allowed.length > 0 ? `Known: ${allowed.map((agent) => `\`${agent}\``).join(', ')}.` : 'There is none.';
  return new Refusal(
    'invalid_workflow',
    name === null
      ? `The node \`${node}\` asks an agent, and the operator's settings name no \`default_agent\`.`
      : `The node \`${node}\` asks for the agent \`${name}\`, which the settings do not allow here. ${known}`,
    guess === undefined
      ? 'Name one of the allowed agents in the workflow, or ask the operator to add it under `agents:`.'
      : `Did you mean \`${guess}\`?`,
  );
}
