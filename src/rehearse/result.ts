import { addSpent, type Spent } from '../core/spent.ts';
import type { WatchedFleet } from '../ports/fleet-watch.ts';
import type { RehearsalSandbox } from './rehearsal-settings.ts';

/** What `--json` prints: one object. */
export function resultOf(fleet: WatchedFleet, gitHubUrl: string, sandbox: RehearsalSandbox) {
  return {
    sandbox: sandbox.boxed ? { boxed: true, why: null, remedy: null } : sandbox,
    fleet: {
      id: fleet.id,
      status: fleet.status,
      branch: fleet.branch,
      workflow: fleet.workflow,
      inputs: fleet.inputs,
      cost: costOf(addSpent(fleet.tasks.map(({ spent }) => spent))),
    },
    tasks: fleet.tasks.map(({ id, repository, status, outcome, category, pullRequestUrl, spent }) => ({
      id,
      repository,
      status,
      outcome,
      category,
      pull_request: pullRequestUrl,
      cost: costOf(spent),
    })),
    left_out: fleet.leftOut.map(({ repository, reason }) => ({ repository, reason })),
    tracking_issue: fleet.trackingIssueUrl,
    github: gitHubUrl,
  };
}

/** US dollars and tokens as far as they are known; null: no session told any. */
function costOf({ sessions, knownUsd, computed, unknown, tokens, unknownTokens }: Spent) {
  return {
    sessions,
    known_usd: sessions === unknown && knownUsd === 0 ? null : knownUsd,
    computed,
    sessions_of_unknown_cost: unknown,
    tokens: tokens === null ? null : { input: tokens.input, output: tokens.output, cached_input: tokens.cachedInput },
    sessions_of_unknown_tokens: unknownTokens,
  };
}
