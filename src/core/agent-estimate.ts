import { addUsd } from './budget.ts';
import type { AgentDefinition } from './settings/types.ts';
import type { Workflow, WorkflowNode } from './workflow/types.ts';

/** What a plan's agents may come to, before anything runs. US dollars. */
export interface AgentEstimate {
  /** In one repository, with every iteration, try and question asked again. */
  sessionsEach: number;
  /** In all of them. */
  sessions: number;
  /** What budgets let all of them cost together; null: none bounds it. */
  mostUsd: number | null;
  /** Which budgets, for people; empty without any. */
  mostBy: string;
  /** What earlier runs of the workflow came to in a repository on average; null: nothing is known of any. */
  earlier: EarlierCosts | null;
  /** For what they count where no agent tells what it costs. */
  worstUsd: number;
  /** What was left to the person for 24 hours when the plan was made; null: the operator sets no ceiling. */
  leftUsd: number | null;
}

/** Of tasks of earlier fleets whose agents told what they cost, as far as they did. */
export interface EarlierCosts {
  tasks: number;
  /** US dollars, of one of them on average. */
  eachUsd: number;
}

type AskingNode = Extract<WorkflowNode, { agent: string | null }>;

/** A node that asks an agent, and in how many sessions at most in one repository. */
interface Asking {
  node: AskingNode;
  /** Without iterations, as the plan names its agent: `group/repair`. */
  place: string;
  sessions: number;
}

/** Nodes that ask an agent, those of groups and included workflows too. */
export function askingNodes(nodes: readonly WorkflowNode[], around = '', times = 1): Asking[] {
  return nodes.flatMap((node) => {
    const place = `${around}${node.id}`;
    const tries = times * (node.retry?.maxAttempts ?? 1);
    const rounds = 'maxIterations' in node ? tries * node.maxIterations : tries;
    if ('nodes' in node) return askingNodes(node.nodes, `${place}/`, rounds);
    if (!('agent' in node)) return [];
    return [{ node, place, sessions: rounds * (node.outputFormat === null ? 1 : 2) }];
  });
}

/** null: the workflow asks no agent. `agents`: place of a node to the name of its agent. */
export function estimateAgents(plan: {
  workflow: Pick<Workflow, 'nodes' | 'limits'>;
  agents: Readonly<Record<string, string>>;
  definitions: Readonly<Record<string, Pick<AgentDefinition, 'budgetUsd' | 'worstCaseUsd'>>>;
  targets: number;
  budgetUsd: number | null;
  leftUsd: number | null;
  earlier: EarlierCosts | null;
}): AgentEstimate | null {
  const { workflow, targets, leftUsd, earlier } = plan;
  const asking = askingNodes(workflow.nodes).map((asked) => ({
    ...asked,
    agent: plan.definitions[plan.agents[asked.place] ?? ''],
  }));
  if (asking.length === 0) return null;
  const sessionsEach = asking.reduce((sum, { sessions }) => sum + sessions, 0);
  const taskWorst = worstOfTask(asking, workflow.limits.taskBudgetUsd);
  return {
    sessionsEach,
    sessions: sessionsEach * targets,
    ...mostOf(asking, plan),
    earlier,
    worstUsd: addUsd(taskWorst * targets, 0),
    leftUsd,
  };
}

type AskingAgent = Asking & { agent: Pick<AgentDefinition, 'budgetUsd' | 'worstCaseUsd'> | undefined };

/** A budget lets the session begin that goes over it. */
function worstOfTask(asking: readonly AskingAgent[], taskBudgetUsd: number | null): number {
  const dearest = Math.max(...asking.map(({ agent }) => agent?.worstCaseUsd ?? 0));
  const sum = asking.reduce((total, { node, sessions, agent }) => {
    const worst = agent?.worstCaseUsd ?? 0;
    const begun = node.budgetUsd === null || worst === 0 ? sessions : Math.ceil(node.budgetUsd / worst);
    return total + Math.min(sessions, begun) * worst;
  }, 0);
  return taskBudgetUsd === null ? sum : Math.min(sum, taskBudgetUsd + dearest);
}

function mostOf(
  asking: readonly AskingAgent[],
  plan: { workflow: Pick<Workflow, 'limits'>; targets: number; budgetUsd: number | null },
): Pick<AgentEstimate, 'mostUsd' | 'mostBy'> {
  const { limits } = plan.workflow;
  const ofFleet = limits.budgetUsd === plan.budgetUsd ? '`limits.budget_usd`' : "the settings' `max_fleet_budget_usd`";
  const nodes = asking.map(({ node, sessions, agent }) => {
    const own = agent?.budgetUsd ?? null;
    return Math.min(node.budgetUsd ?? Infinity, own === null ? Infinity : own * sessions);
  });
  const each = nodes.reduce((sum, usd) => sum + usd, 0);
  const bounds = [
    { usd: plan.budgetUsd ?? Infinity, by: ofFleet },
    { usd: (limits.taskBudgetUsd ?? Infinity) * plan.targets, by: '`limits.task_budget_usd`' },
    { usd: each * plan.targets, by: 'the budgets of its nodes and agents' },
  ];
  const least = bounds.reduce((one, other) => (other.usd < one.usd ? other : one));
  return least.usd === Infinity ? { mostUsd: null, mostBy: '' } : { mostUsd: addUsd(least.usd, 0), mostBy: least.by };
}
