import type { AgentEstimate } from './agent-estimate.ts';
import type { ChangeLimits } from './guards.ts';
import type { RequestFlags } from './request-flags.ts';
import type { Workflow, WorkflowSource } from './workflow/types.ts';

export type Visibility = 'public' | 'internal' | 'private';

/** A repository as the app sees it in its installation. Ids are GitHub's; names are display and may change. */
export interface Repository {
  id: number;
  /** owner/name */
  fullName: string;
  ownerLogin: string;
  name: string;
  visibility: Visibility;
  archived: boolean;
  disabled: boolean;
  fork: boolean;
  hasIssues: boolean;
  defaultBranch: string;
  topics: readonly string[];
  /** A multi-select value is a list; absent values are left out. */
  customProperties: Readonly<Record<string, string | readonly string[]>>;
}

/** A person or bot by numeric id; logins can be renamed. */
export interface Person {
  id: number;
  login: string;
}

export type LeftOutReason =
  | 'archived'
  | 'disabled'
  | 'empty'
  | 'fork'
  | 'ignored'
  | 'no_permission'
  | 'not_installed'
  | 'excluded'
  | 'no_longer_selected';

export interface LeftOut {
  repositoryId: number | null;
  repository: string;
  reason: LeftOutReason;
  /** One sentence for the tracking issue. */
  detail: string;
}

/** Where a target stands in its fleet's rollout. */
export interface Place {
  /** From 0; tasks of a wave start once it is released. */
  wave: number;
  /** From 0; a task starts once those of its wave and earlier ones in lower stages have ended. */
  stage: number;
}

export interface Target extends Place {
  repositoryId: number;
  repository: string;
  visibility: Visibility;
}

/** A repository to read beside a clone. */
interface Sibling {
  repositoryId: number;
  /** owner/name, display. */
  repository: string;
}

/** The frozen answer to "which repositories, in which order, with which inputs, on which branch, who was left out and why". */
export interface Plan {
  /** Older ones are brought up to it when they are read. */
  format: 3;
  source: WorkflowSource;
  workflow: Workflow;
  inputs: Readonly<Record<string, string>>;
  branch: string;
  /** In running order. */
  targets: readonly Target[];
  leftOut: readonly LeftOut[];
  /** Whose files lie beside the clones, for reading: by name. */
  siblings: readonly Sibling[];
  /** As they were given, so that the same command can be shown and given again. */
  flags: RequestFlags;
  /** The settings' `confirm_over` where the plan has more targets; null where it has not. */
  confirmOver: number | null;
  /** At most this many tasks of the fleet at once; null: only the caps hold. */
  parallel: number | null;
  /** The organization lets the tracking issue tell of targets that are less visible than it is. */
  allowMoreVisibleControlRepository: boolean;
  /** What one pull request may hold. */
  changeLimits: ChangeLimits;
  /** Node id to the agent that runs it, chosen from the operator's settings when the plan was made. */
  agents: Readonly<Record<string, string>>;
  /** US dollars that all agents of the fleet may cost together, the smallest of workflow and settings; null: no limit. */
  budgetUsd: number | null;
  /** null: it asks no agent, or was made before there were estimates. */
  agentEstimate: AgentEstimate | null;
  /** Who is told when it waits or has ended; what the settings say later redirects nothing. */
  notify: PlanNotify;
}

export interface PlanNotify {
  /** The person whose permission counts is mentioned on the tracking issue. */
  mention: boolean;
  /** operator: the address that the server's environment holds, which is stored nowhere; null: nothing is sent. */
  webhook: { kind: 'operator' } | { kind: 'url'; url: string } | null;
}
