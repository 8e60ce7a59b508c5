/** What ran in a repository, a line each; where agents ran, with which ones and what is known of their costs. */
import type { Plan } from '../plan.ts';
import type { Spent, Tokens } from '../spent.ts';
import { dollars, duration, plural, thousands } from './amounts.ts';
import { costSentence } from './costs.ts';
import { codeCell, safeText } from './safe-text.ts';
import type { NodeView } from './views.ts';

/** A node as its pull request tells it. */
export interface ToldNode extends NodeView {
  /** Name and version in the agent's words; null: it told none. */
  agent: string | null;
  model: string | null;
  tokens: Tokens | null;
  /** US dollars that are known; null: nothing is. */
  costUsd: number | null;
  /** Something of it was computed from tokens and prices. */
  costComputed: boolean;
}

const ROWS = 50;
const UNKNOWN = 'unknown';
/** Kinds of nodes that ask an agent. */
const AGENT_KINDS: readonly string[] = ['prompt', 'command', 'loop'];

/** It got its turn, and was not skipped. */
export const asksAgent = ({ kind, status }: Pick<NodeView, 'kind' | 'status'>): boolean =>
  AGENT_KINDS.includes(kind) && status !== 'skipped';

/** Of the workflow itself, not within a group or an included workflow. */
export const isOwn = ({ nodeId }: Pick<NodeView, 'nodeId'>): boolean => !nodeId.includes('/');

/** @param nodes of one attempt, as they began @param spent over all attempts */
export function nodeTable(nodes: readonly ToldNode[], plan: Plan, spent: Spent): string {
  if (nodes.length === 0) return '';
  const ordered = inWorkflowOrder(nodes, plan);
  const told = ordered.length <= ROWS ? ordered : ordered.filter(isOwn);
  const withAgents = nodes.some(asksAgent);
  const head = withAgents
    ? ['| Node | Result | Agent | Tokens | Cost | Time |', '| --- | --- | --- | --- | ---: | ---: |']
    : ['| Node | Result | Time |', '| --- | --- | ---: |'];
  const rows = told.slice(0, ROWS).map((node) => {
    const time = node.startedAt === null || node.endedAt === null ? '' : duration(node.endedAt - node.startedAt);
    const spent = withAgents ? ` ${agentCells(node, plan).join(' | ')} |` : '';
    return `| ${codeCell(node.nodeId, 80)} | ${result(node)} |${spent} ${time} |`;
  });
  const table = [...head, ...rows].join('\n');
  const more = ordered.length - rows.length;
  const left = more > 0 ? `… and ${plural(more, 'more node', 'more nodes')}.` : '';
  return [table, left, sum(spent)].filter((part) => part !== '').join('\n\n');
}

/** As they are written, with those of a group or an included workflow behind its node. */
function inWorkflowOrder(nodes: readonly ToldNode[], plan: Plan): ToldNode[] {
  const places = new Map(plan.workflow.nodes.map(({ id }, place) => [id, place]));
  const placed = (nodeId: string): number => places.get(nodeId.split('/')[0] ?? '') ?? places.size;
  return nodes.toSorted((a, b) => placed(a.nodeId) - placed(b.nodeId));
}

function result(node: NodeView): string {
  switch (node.status) {
    case 'completed':
      return '✅ completed';
    case 'failed':
      return node.exitCode === null ? '⚠️ failed' : `⚠️ failed with status ${node.exitCode}`;
    case 'skipped':
      return '➖ skipped';
    case 'pending':
    case 'running':
    case 'waiting':
      return node.status;
  }
}

function agentCells(node: ToldNode, plan: Plan): string[] {
  if (!asksAgent(node)) return ['', '', ''];
  const tokens = node.tokens === null ? UNKNOWN : tokensText(node.tokens);
  const cost = node.costUsd === null ? UNKNOWN : `${node.costComputed ? '≈ ' : ''}${dollars(node.costUsd)}`;
  return [agentCell(node, plan), tokens, cost];
}

function agentCell({ nodeId, agent, model }: ToldNode, plan: Plan): string {
  const place = placeOf(nodeId);
  const name = Object.hasOwn(plan.agents, place) ? plan.agents[place] : undefined;
  const itself = agent === null ? '' : safeText(agent, 80);
  const who = name === undefined ? itself : `${codeCell(name, 80)}${itself === '' ? '' : ` (${itself})`}`;
  return `${who === '' ? UNKNOWN : who}, ${model === null ? `model ${UNKNOWN}` : safeText(model, 80)}`;
}

/** As the plan names the agents of nodes: without iterations, which alone are numbers. */
const placeOf = (nodeId: string): string =>
  nodeId
    .split('/')
    .filter((part) => !/^\d+$/.test(part))
    .join('/');

function tokensText({ input, output, cachedInput }: Tokens): string {
  const cached = cachedInput === 0 ? '' : `, ${thousands(cachedInput)} cached`;
  return `${thousands(input)} in, ${thousands(output)} out${cached}`;
}

/** With what nodes cannot tell: earlier attempts, and sessions of which nothing is known. */
function sum(spent: Spent): string {
  const told = costSentence(spent);
  if (told === '') return '';
  return `${plural(spent.sessions, 'session', 'sessions')} of agents here, with those of earlier attempts: ${told}.`;
}
