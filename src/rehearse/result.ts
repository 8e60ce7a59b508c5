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
    },
    tasks: fleet.tasks.map(({ id, repository, status, outcome, category, pullRequestUrl }) => ({
      id,
      repository,
      status,
      outcome,
      category,
      pull_request: pullRequestUrl,
    })),
    left_out: fleet.leftOut.map(({ repository, reason }) => ({ repository, reason })),
    tracking_issue: fleet.trackingIssueUrl,
    github: gitHubUrl,
  };
}
