/** Why a task failed: one category each, with what a person can do about it. */

export type FailureCategory =
  | 'config'
  | 'permission'
  | 'not_found'
  | 'rate_limited'
  | 'network'
  | 'clone'
  | 'command'
  | 'agent'
  | 'agent_refused'
  | 'budget'
  | 'timeout'
  | 'too_large'
  | 'protected_path'
  | 'secret'
  | 'branch_diverged'
  | 'push_rejected'
  | 'pull_request'
  | 'conflict'
  | 'cancelled'
  | 'internal';

export interface FailureKind {
  title: string;
  description: string;
  remedy: string;
  /** Whether the same task can end otherwise without anybody changing anything. */
  retryable: boolean;
}

export const FAILURES: Record<FailureCategory, FailureKind> = {
  config: {
    title: 'Configuration',
    description: 'The workflow or a setting does not fit this repository.',
    remedy: 'Correct the workflow or the settings on the default branch, then give the command again.',
    retryable: false,
  },
  permission: {
    title: 'Permission',
    description: 'GitHub refused something that this task needs.',
    remedy: "Check the app's permissions and its installation on this repository, then `/fleet retry`.",
    retryable: false,
  },
  not_found: {
    title: 'Not found',
    description: 'The repository, its base branch or something the task named is gone.',
    remedy: 'Check whether it was renamed or deleted; give the command again to plan anew.',
    retryable: false,
  },
  rate_limited: {
    title: 'Rate limited',
    description: "GitHub's limits were reached and did not clear in time.",
    remedy: '`/fleet retry` later, or run fewer repositories at once.',
    retryable: true,
  },
  network: {
    title: 'Network',
    description: 'GitHub or another host could not be reached, or did not answer in time.',
    remedy: '`/fleet retry`; if it stays, look at the network between Flotilla and that host.',
    retryable: true,
  },
  clone: {
    title: 'Clone',
    description: 'The repository could not be fetched or checked out.',
    remedy: 'Read the message of git below; `/fleet retry` once the repository can be cloned.',
    retryable: true,
  },
  command: {
    title: 'Command failed',
    description: 'A command of the workflow failed, or did not bring about what the workflow asks for.',
    remedy:
      'Read the reason and the end of the output. Mend the repository, then `/fleet retry`; or mend the workflow, then give its command again.',
    retryable: false,
  },
  agent: {
    title: 'Agent failed',
    description: 'The coding agent stopped with an error or could not be started.',
    remedy: "Read the transcript; check the agent's command in the operator's settings.",
    retryable: true,
  },
  agent_refused: {
    title: 'Agent refused',
    description: 'The coding agent declined the request.',
    remedy: 'Read its answer and put the prompt differently.',
    retryable: false,
  },
  budget: {
    title: 'Budget',
    description: 'The cost reached the budget.',
    remedy: 'Raise `budget_usd` within the ceiling of the operator, or narrow the work.',
    retryable: false,
  },
  timeout: {
    title: 'Timed out',
    description: 'A node or the whole task ran longer than allowed, or nobody decided in time.',
    remedy: 'Raise `timeout` on the node or `limits.task_timeout`, make the command faster, or decide sooner.',
    retryable: true,
  },
  too_large: {
    title: 'Too large',
    description:
      'The change has more files or bytes than one pull request may have, or the task needs more disk or memory than the server has.',
    remedy:
      'Split the change, keep generated files out of it, or have the operator raise the limit that the reason names, or give the server what it lacks.',
    retryable: false,
  },
  protected_path: {
    title: 'Protected path',
    description: 'The change touches a path that workflows may not change.',
    remedy: 'Leave that path alone, or have it allowed in the settings.',
    retryable: false,
  },
  secret: {
    title: 'Secret found',
    description: 'The change contains what looks like a secret.',
    remedy:
      'Remove it from the change; if it is real, revoke it. A made-up one, as tests need it, passes when the code puts it together from two parts.',
    retryable: false,
  },
  branch_diverged: {
    title: 'Branch diverged',
    description: 'Somebody else committed to the branch of the pull request; nothing was overwritten.',
    remedy: 'Merge or close that pull request, or delete the branch, then `/fleet retry`.',
    retryable: false,
  },
  push_rejected: {
    title: 'Push rejected',
    description: 'GitHub did not accept the push.',
    remedy: "Read GitHub's answer below: a branch protection or a ruleset usually says which rule.",
    retryable: false,
  },
  pull_request: {
    title: 'Pull request refused',
    description: 'The branch was pushed but GitHub did not accept the pull request.',
    remedy: "Read GitHub's answer below, mend its cause, then `/fleet retry`.",
    retryable: false,
  },
  conflict: {
    title: 'Conflict',
    description: 'An open pull request shows this branch for another workflow, control repository or other inputs.',
    remedy:
      'Merge or close that pull request first, or let `branch:` of the workflow hold the inputs, such as `{{version}}`.',
    retryable: false,
  },
  cancelled: {
    title: 'Cancelled',
    description: 'A person cancelled it.',
    remedy: 'Give the command again when it is wanted after all.',
    retryable: false,
  },
  internal: {
    title: 'Internal error',
    description: 'Flotilla itself failed; this is a bug.',
    remedy: "Please report it with the fleet's id and the server's log.",
    retryable: true,
  },
};

/** Ends the task that meets it with exactly one category. `message` says what happened, where. */
export class TaskFailure extends Error {
  override readonly name = 'TaskFailure';
  readonly category: FailureCategory;

  constructor(category: FailureCategory, message: string, options?: ErrorOptions) {
    super(message, options);
    this.category = category;
  }
}
