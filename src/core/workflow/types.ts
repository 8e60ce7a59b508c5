import type { NodeStatus } from '../status.ts';

/** A workflow after normalization: every default filled in, every duration in milliseconds. */

export interface Workflow {
  name: string;
  description: string;
  inputs: Readonly<Record<string, InputDefinition>>;
  /** null: the control repository alone. 'any': the request's flags define the targets. */
  services: readonly ServiceEntry[] | 'any' | null;
  exclude: readonly string[];
  /** At most this many tasks at once; Infinity never appears: `true` is 'caps'. */
  parallel: number | 'caps';
  /** Template, or null for the default branch name. */
  branch: string | null;
  onlyIf: string | null;
  limits: { taskTimeoutMs: number };
  pullRequest: PullRequestTemplate;
  /** In written order; `graph` has checked that it is a DAG. */
  nodes: readonly WorkflowNode[];
}

export interface InputDefinition {
  required: boolean;
  default: string | null;
  description: string;
  pattern: string | null;
  enum: readonly string[] | null;
  allowDash: boolean;
}

/** One entry of `services:`. Keys are AND; lists inside `tag` are AND. */
export interface ServiceEntry {
  tag: readonly string[];
  names: readonly string[];
  match: readonly string[];
  not: { tag: readonly string[]; names: readonly string[]; match: readonly string[] };
}

export interface PullRequestTemplate {
  title: string | null;
  body: string | null;
  commitMessage: string | null;
  /** null: the repository's default branch. */
  base: string | null;
  draft: boolean;
  labels: readonly string[];
  reviewers: readonly string[];
  assignees: readonly string[];
  /** push: git. api: commits made by GitHub, which it shows as Verified. */
  commit: 'push' | 'api';
}

interface NodeFields {
  id: string;
  dependsOn: readonly string[];
  when: string | null;
  timeoutMs: number;
  continueOnError: boolean;
}

export type WorkflowNode = BashNode | PromptNode;

export interface BashNode extends NodeFields {
  kind: 'bash';
  /** Never rewritten: values reach it only as environment variables. */
  script: string;
}

export interface PromptNode extends NodeFields {
  kind: 'prompt';
  /** Template. */
  prompt: string;
  /** Name of an agent in the operator's settings; null: the settings' default. */
  agent: string | null;
  idleTimeoutMs: number;
}

/** What a node has come to, as conditions, templates and the environment of later nodes see it. */
export interface NodeOutcome {
  status: NodeStatus;
  /** null: it was no command, or never ran to its end. */
  exitCode: number | null;
  /** Standard output of a command, the last message of an agent; empty when it never ran. */
  output: string;
}

/** What is wrong in a file, where (1-based line and column), and what to do. */
export interface Fault {
  file: string;
  line: number;
  column: number;
  code: string;
  message: string;
  hint: string;
}

export interface WorkflowSource {
  name: string;
  /** Where it was found: `acme/platform:.github/fleet/x.yml`, or `bundled:x.yml`. */
  origin: string;
  text: string;
  /** SHA-256 of the text, hex. */
  digest: string;
}
