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

export interface Target {
  repositoryId: number;
  repository: string;
  visibility: Visibility;
}

/** The frozen answer to "which repositories, in which order, with which inputs, on which branch, who was left out and why". */
export interface Plan {
  /** Older ones are brought up to it when they are read. */
  format: 2;
  source: WorkflowSource;
  workflow: Workflow;
  inputs: Readonly<Record<string, string>>;
  branch: string;
  /** In running order. */
  targets: readonly Target[];
  leftOut: readonly LeftOut[];
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
}
