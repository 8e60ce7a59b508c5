import type { Plan } from '../core/plan.ts';
import { shareText } from '../core/render/share-text.ts';
import { namedWaves } from '../core/rollout/wave-names.ts';
import type { Stubs } from '../core/workflow/walk/stubs.ts';
import type { Walk } from '../core/workflow/walk/walk.ts';

/** Everything that `fleet plan` tells. */
export interface PlanFacts {
  plan: Plan;
  stubs: Stubs;
  /** In running order; repositories in which the same happens stand together. */
  groups: readonly WalkGroup[];
}

export interface WalkGroup {
  repositories: readonly string[];
  walk: Walk;
}

/** A walk differs only where a value is made of the repository's name. */
export function groupWalks(walked: readonly { repository: string; walk: Walk }[]): WalkGroup[] {
  const groups = Map.groupBy(walked, ({ walk }) => JSON.stringify(walk));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ repositories: group.map(({ repository }) => repository), walk: first.walk }];
  });
}

/** Stubs of nodes that run nowhere. */
export function unusedStubs({ stubs, groups }: Pick<PlanFacts, 'stubs' | 'groups'>): string[] {
  const used = new Set(
    groups.flatMap(({ walk }) => walk.nodes.flatMap(({ path, stubbed }) => (stubbed ? [path] : []))),
  );
  return [...stubs.keys()].filter((path) => !used.has(path));
}

/** What `--json` prints. */
export function planResult(facts: PlanFacts) {
  const { plan, groups } = facts;
  const { workflow } = plan;
  return {
    workflow: workflow.name,
    source: plan.source.origin,
    inputs: plan.inputs,
    branch: workflow.opensPullRequests ? plan.branch : null,
    parallel: plan.parallel,
    budget_usd: plan.budgetUsd,
    agents: agentsResult(plan),
    siblings: plan.siblings.map(({ repository }) => repository),
    confirm_over: plan.confirmOver,
    only_if: workflow.onlyIf,
    requires: workflow.requires,
    evidence: workflow.evidence,
    targets: plan.targets.map(({ repository }) => repository),
    ...rolloutResult(plan),
    left_out: plan.leftOut.map(({ repository, reason, detail }) => ({ repository, reason, detail })),
    walks: groups.map(({ repositories, walk }) => ({
      repositories,
      nodes: walk.nodes.map(
        ({ path, kind, layer, verdict, reason, continueOnError, outcome, stubbed, assumption }) => ({
          path,
          kind,
          layer,
          verdict,
          reason,
          continue_on_error: continueOnError,
          status: outcome.status,
          exit_code: outcome.exitCode,
          output: outcome.output,
          stubbed,
          assumption,
        }),
      ),
      end: walk.end,
    })),
    unused_stubs: unusedStubs(facts),
  };
}

/** null: no agent is asked. What a session counts for is said by an operator's file, and there is none here. */
function agentsResult({ agentEstimate }: Plan) {
  if (agentEstimate === null) return null;
  const { sessions, sessionsEach, mostUsd } = agentEstimate;
  return { sessions, sessions_each: sessionsEach, at_most_usd: mostUsd };
}

/** Nothing without a rollout. */
function rolloutResult(plan: Plan) {
  const { rollout } = plan.workflow;
  if (rollout === null) return {};
  const { approve, haltOnFailure } = rollout;
  return {
    rollout: { approve, halt_on_failure: haltOnFailure === null ? null : shareText(haltOnFailure) },
    waves: namedWaves(plan).map(({ name, targets }) => ({
      name,
      targets: targets.map(({ repository }) => repository),
    })),
  };
}
