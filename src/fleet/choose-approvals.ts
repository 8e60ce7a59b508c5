/** Which approvals the words of a decision mean, or why none. */
import { openApprovals } from '../core/open-approvals.ts';
import type { Person } from '../core/plan.ts';
import { Refusal } from '../core/refusals.ts';
import {
  fleetIsHeld,
  nothingWaits,
  notWaiting,
  severalNodes,
  tooLate,
  unknownDecision,
} from '../core/render/undecidable.ts';
import type { DecisionWords } from '../core/request.ts';
import { compileRepositoryGlob } from '../core/selection/repository-glob.ts';
import type { ApprovalRow } from '../store/contract/approvals.ts';
import type { TaskRow } from '../store/contract/tasks.ts';

export interface Chosen {
  approval: ApprovalRow;
  task: TaskRow;
}

export interface ChoiceFacts {
  fleet: string;
  /** Since when the fleet as a whole waits for a person; null: it does not. */
  heldSince: number | null;
  approvals: readonly ApprovalRow[];
  tasks: readonly TaskRow[];
  words: DecisionWords & { decision: string };
  sender: Person;
  /** Of the delivery: what was asked later is not meant. */
  receivedAt: number;
  now: number;
}

/**
 * At least one, all of one node and able to be decided so. `decidedBefore`: nothing is left to do, as this very command
 * has decided them and its answer was lost. Throws Refusal.
 */
export function chooseApprovals(facts: ChoiceFacts): { chosen: Chosen[]; decidedBefore: boolean } {
  const { fleet, approvals, tasks, words, receivedAt, now } = facts;
  const unanswered = openApprovals(approvals, tasks);
  const waiting = unanswered.filter(({ approval }) => approval.expiresAt > now);
  const readable = waiting.filter(({ approval }) => approval.askedAt <= receivedAt);
  const meant = readable.filter((asked) => isMeant(asked, words));
  if (meant.length === 0) {
    const before = answeredBefore(facts);
    if (before.length > 0) return { chosen: before, decidedBefore: true };
    const late = expiredOf(facts, unanswered).filter((asked) => isMeant(asked, words));
    if (late.length > 0) throw new Refusal('wrong_state', ...tooLate(late.map(named)));
    if (waiting.length === 0 && facts.heldSince !== null) {
      const verb = words.decision === 'reject' ? 'reject' : 'approve';
      throw new Refusal('undecidable', ...fleetIsHeld(fleet, verb, facts.heldSince > receivedAt));
    }
    const [detail, remedy] =
      waiting.length === 0 ? nothingWaits(fleet) : notWaiting(fleet, waiting.map(named), readable.length === 0);
    throw new Refusal(waiting.length === 0 ? 'wrong_state' : 'undecidable', detail, remedy);
  }

  // Of several nodes, those that can be decided so; where only one can, it is meant.
  const able = meant.filter(({ approval }) => knows(approval, words.decision));
  const nodes = nodesOf(able.length > 0 ? able : meant);
  if (nodes.length > 1 && able.length > 0) throw new Refusal('undecidable', ...severalNodes(fleet, nodes, words));
  const ofNode = meant.filter(({ approval }) => approval.nodeId === nodes[0]);
  const unable = ofNode.find(({ approval }) => !knows(approval, words.decision));
  if (unable !== undefined) {
    const { nodeId, decisions } = unable.approval;
    // Where other nodes wait too, or the fleet as a whole, a command without a node would mean those.
    const withNode = nodes.length > 1 || facts.heldSince !== null ? { ...words, node: nodeId } : words;
    throw new Refusal('undecidable', ...unknownDecision(fleet, { nodeId, decisions, words: withNode }));
  }
  return { chosen: ofNode, decidedBefore: false };
}

const knows = ({ decisions }: ApprovalRow, decision: string): boolean => decisions.some(({ id }) => id === decision);

const nodesOf = (asked: readonly Chosen[]): string[] => [...new Set(asked.map(({ approval }) => approval.nodeId))];

function isMeant({ approval, task }: Chosen, { repositories, node }: DecisionWords): boolean {
  if (node !== undefined && node !== approval.nodeId) return false;
  if (repositories === undefined) return true;
  const name = task.repository.slice(task.repository.indexOf('/') + 1);
  return compileRepositoryGlob(repositories)({ fullName: task.repository, name });
}

/** By the same person, at or after the command was received. */
function answeredBefore({ approvals, tasks, words, sender, receivedAt }: ChoiceFacts): Chosen[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  return approvals.flatMap((approval): Chosen[] => {
    const { answer } = approval;
    const task = byId.get(approval.taskId);
    if (task === undefined || answer?.kind !== 'decided' || answer.at < receivedAt) return [];
    if (answer.by.id !== sender.id || answer.decision !== words.decision) return [];
    return isMeant({ approval, task }, words) ? [{ approval, task }] : [];
  });
}

/** Recorded as such, or not yet. */
function expiredOf({ approvals, tasks, now }: ChoiceFacts, unanswered: readonly Chosen[]): Chosen[] {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const recorded = approvals.flatMap((approval): Chosen[] => {
    const task = byId.get(approval.taskId);
    return task !== undefined && approval.answer?.kind === 'expired' ? [{ approval, task }] : [];
  });
  return [...recorded, ...unanswered.filter(({ approval }) => approval.expiresAt <= now)];
}

const named = ({ approval, task }: Chosen) => ({
  repository: task.repository,
  nodeId: approval.nodeId,
  expiresAt: approval.expiresAt,
});
