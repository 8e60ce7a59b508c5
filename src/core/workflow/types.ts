import type { NodeStatus } from '../status.ts';

/** A workflow after normalization: every default filled in, every duration in milliseconds. */

export interface Workflow {
  name: string;
  description: string;
  inputs: Readonly<Record<string, InputDefinition>>;
  /** null: the control repository alone. 'any': the request's flags define the targets. */
  services: readonly ServiceEntry[] | 'any' | null;
  exclude: readonly string[];
  /** Repositories whose files lie beside each clone, for reading. */
  siblings: readonly ServiceEntry[];
  /** At most this many tasks at once; Infinity never appears: `true` is 'caps'. */
  parallel: number | 'caps';
  /** Template, or null for the default branch name. */
  branch: string | null;
  onlyIf: string | null;
  /** null: all at once, as far as `parallel` and the caps allow. */
  rollout: Rollout | null;
  limits: {
    taskTimeoutMs: number;
    /** US dollars, of all agents of a fleet; null: the settings' limit alone. */
    budgetUsd: number | null;
    /** US dollars, of all agents of one task in all its attempts; null: no limit of its own. */
    taskBudgetUsd: number | null;
  };
  pullRequest: PullRequestTemplate;
  /** false: nothing is pushed; the result is what the nodes say. */
  opensPullRequests: boolean;
  /** Programs that the machine must have. */
  requires: readonly string[];
  /** Paths that must exist in the work tree after the nodes, or the task fails. */
  evidence: readonly string[];
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

/** So many repositories, or so many of a hundred. */
export type Share = { count: number } | { percent: number };

export interface Rollout {
  /** The first ones, or those that an entry selects; null: the first wave is one like the others. */
  canary: { count: number } | { entry: ServiceEntry } | null;
  /** Of all repositories, the canary and earlier waves included; ascending. What is left after the last one follows. */
  waves: readonly Share[];
  haltOnFailure: Share | null;
  approve: 'canary' | 'each' | 'none';
  /** One after another; all others come after them. */
  after: readonly ServiceEntry[];
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

/** Which ends of the nodes in `depends_on` let a node run; with `continue_on_error`, a failure counts as success. */
export const TRIGGER_RULES = ['all_success', 'one_success', 'none_failed_min_one_success', 'all_done'] as const;
export type TriggerRule = (typeof TRIGGER_RULES)[number];

export interface Retry {
  /** The first try included. */
  maxAttempts: number;
  /** Before the second try; doubled before each further one. */
  delayMs: number;
  /** `transient`: only failures that a second try can help, by the table of failures. */
  onError: 'transient' | 'all';
}

/** A JSON Schema, as the author wrote it. */
export type OutputFormat = Readonly<Record<string, unknown>>;

interface NodeFields {
  id: string;
  dependsOn: readonly string[];
  when: string | null;
  triggerRule: TriggerRule;
  continueOnError: boolean;
  retry: Retry | null;
  /** Runs again when the task goes on after a wait, although it had completed. */
  alwaysRun: boolean;
}

export type WorkflowNode =
  | BashNode
  | ScriptNode
  | PromptNode
  | CommandNode
  | LoopNode
  | LoopGroupNode
  | ApprovalNode
  | CancelNode
  | IncludeNode;
export type NodeKind = WorkflowNode['kind'];

interface CodeFields extends NodeFields {
  timeoutMs: number;
  /** Variables of its own; the values are templates. */
  env: Readonly<Record<string, string>>;
  outputFormat: OutputFormat | null;
}

export interface BashNode extends CodeFields {
  kind: 'bash';
  /** Never rewritten: values reach it only as environment variables. */
  script: string;
}

export interface ScriptNode extends CodeFields {
  kind: 'script';
  runtime: 'node' | 'python';
  /** Never rewritten, as of bash. */
  script: string;
  /** Beside the workflow; null: written inline. */
  file: string | null;
}

interface AgentFields extends NodeFields {
  timeoutMs: number;
  idleTimeoutMs: number;
  /** Name of an agent in the operator's settings; null: the settings' default. */
  agent: string | null;
  /** US dollars, of all sessions of the node in one task; null: no limit of its own. */
  budgetUsd: number | null;
  outputFormat: OutputFormat | null;
}

export interface PromptNode extends AgentFields {
  kind: 'prompt';
  /** Template. */
  prompt: string;
}

export interface CommandNode extends AgentFields {
  kind: 'command';
  /** Beside the workflow, with the ending `.md`. */
  file: string;
  /** Template: the text of the file. */
  prompt: string;
  /** Inputs of the text, beside those of the workflow and in front of them; the values are templates. */
  with: Readonly<Record<string, string>>;
}

interface Until {
  /** The answer's last line, or in `<promise>` tags there. */
  until: string | null;
  /** Exit status 0 ends the loop. */
  untilBash: string | null;
  /** From 1. Not reaching an end in as many fails the node. */
  maxIterations: number;
}

export interface LoopNode extends AgentFields, Until {
  kind: 'loop';
  /** Beside the workflow; null: the prompt is written inline. */
  file: string | null;
  prompt: string;
  with: Readonly<Record<string, string>>;
  /** A boolean of `output_format`; true ends the loop. */
  untilField: string | null;
}

export interface LoopGroupNode extends NodeFields, Until {
  kind: 'loop_group';
  /** Of all iterations together. */
  timeoutMs: number;
  nodes: readonly WorkflowNode[];
}

export interface ApprovalNode extends NodeFields {
  kind: 'approval';
  timeoutMs: number;
  /** Template. */
  message: string;
  /** Ids with what people read; without any in the file: approve and reject. */
  decisions: readonly { id: string; label: string }[];
  /** The node's output says the decision and the text as JSON; otherwise it is the decision's id. */
  captureResponse: boolean;
}

interface CancelNode extends NodeFields {
  kind: 'cancel';
  /** Template. */
  reason: string;
}

/** Another workflow's nodes, which see its inputs and each other, and nothing of the workflow around them. */
export interface IncludeNode extends NodeFields {
  kind: 'include';
  workflow: string;
  /** Inputs of that workflow; the values are templates. */
  with: Readonly<Record<string, string>>;
  inputs: Readonly<Record<string, InputDefinition>>;
  nodes: readonly WorkflowNode[];
}

/** What a node has come to, as conditions, templates and the environment of later nodes see it. */
export interface NodeOutcome {
  status: NodeStatus;
  /** null: it was no command, or never ran to its end. */
  exitCode: number | null;
  /** Standard output of a command, the last message of an agent; empty when it never ran. */
  output: string;
}

/** What an iteration of a loop can name. */
export interface LoopFacts {
  /** From 1. */
  iteration: number;
  /** Empty in the first one. */
  previousOutput: string;
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
  /** What it names beside it: path to text. */
  files: Readonly<Record<string, string>>;
  /** Workflows that it includes: name to source. */
  includes: Readonly<Record<string, WorkflowSource>>;
}
