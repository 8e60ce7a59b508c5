import type { LogFile, LogOfNode } from '../../../fleet/task-logs.ts';
import type { ApprovalRow } from '../../../store/contract/approvals.ts';
import type { NodeSummary } from '../../../store/contract/nodes.ts';
import type { ApprovalJson, NodeJson } from '../schemas/task.ts';
import { instant, instantOrNull, shown } from './fleet-json.ts';

export function nodeJson(node: NodeSummary, files: LogOfNode['files']): NodeJson {
  const { tokens } = node;
  return {
    id: node.nodeId,
    kind: node.kind,
    status: node.status,
    exit_code: node.exitCode,
    failure: node.category,
    reason: node.reason === '' ? null : shown(node.reason),
    tail: shown(node.tail),
    agent: node.agent,
    model: node.model,
    tokens: tokens === null ? null : { input: tokens.input, output: tokens.output, cached_input: tokens.cachedInput },
    cost_usd: node.costUsd,
    cost_computed: node.costComputed,
    started_at: instantOrNull(node.startedAt),
    ended_at: instantOrNull(node.endedAt),
    files: files.map(fileJson),
  };
}

export const fileJson = ({ name, tryNumber, iteration, part }: LogFile) => ({ name, try: tryNumber, iteration, part });

/** @param open whether somebody can decide it now */
export function approvalJson(approval: ApprovalRow, open: boolean): ApprovalJson {
  const { answer } = approval;
  const decided = answer?.kind === 'decided' ? answer : null;
  return {
    node: approval.nodeId,
    message: shown(approval.message),
    decisions: approval.decisions.map(({ id, label }) => ({ id, label })),
    asked_at: instant(approval.askedAt),
    expires_at: instant(approval.expiresAt),
    decision: decided?.decision ?? null,
    text: decided?.text ?? null,
    decided_by: decided?.by ?? null,
    decided_at: instantOrNull(answer?.at ?? null),
    open,
  };
}
