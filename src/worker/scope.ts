import { logName as logNameOf } from '../core/log-files.ts';
import type { InputDefinition, LoopFacts, NodeOutcome, WorkflowNode } from '../core/workflow/types.ts';
import type { OpenRun } from './context.ts';
import type { NodeResult } from './node-result.ts';

/** A list of nodes that depend on each other, with what they see of the world around them. */
export interface Scope {
  nodes: readonly WorkflowNode[];
  /** Before the ids of its nodes in rows and logs: '' or `group/2/`. */
  path: string;
  /** The same without iterations, as the plan names the agents of nodes: '' or `group/`. */
  place: string;
  inputs: Readonly<Record<string, string>>;
  inputDefinitions: Readonly<Record<string, InputDefinition>>;
  /** Inputs whose values came out of nodes: prompts fence them as data. */
  data: ReadonlySet<string>;
  /** Results of nodes around the list that its nodes can name. */
  outer: ReadonlyMap<string, NodeOutcome>;
  loop: LoopFacts | null;
}

/** One node about to run, with the results that it can name. */
export interface NodeRun<Node extends WorkflowNode = WorkflowNode> {
  node: Node;
  scope: Scope;
  visible: ReadonlyMap<string, NodeOutcome>;
  /** Of the node's `retry`; absent: the first. */
  tryNumber?: number;
}

/** Handed to groups, which hold nodes as the workflow does. */
export type RunGraph = (run: OpenRun, scope: Scope) => Promise<ReadonlyMap<string, NodeResult>>;

/** The workflow's own nodes. */
export function workflowScope({ fleet }: Pick<OpenRun, 'fleet'>): Scope {
  const { workflow, inputs } = fleet.plan;
  const { nodes, inputs: inputDefinitions } = workflow;
  return { nodes, path: '', place: '', inputs, inputDefinitions, data: new Set(), outer: new Map(), loop: null };
}

/** As rows and logs name the node. */
export const pathOf = ({ node, scope }: Pick<NodeRun, 'node' | 'scope'>): string => `${scope.path}${node.id}`;

/** As the plan names the agents of nodes: the same for every iteration. */
export const placeOf = ({ node, scope }: Pick<NodeRun, 'node' | 'scope'>): string => `${scope.place}${node.id}`;

/** Of the files that the node leaves, see log-files.ts. */
export const logName = (of: Pick<NodeRun, 'node' | 'scope' | 'tryNumber'>): string =>
  logNameOf(pathOf(of), of.tryNumber);
