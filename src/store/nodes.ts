import type { Selectable } from 'kysely';
import type { FleetEvent } from '../core/events.ts';
import { mayNodeBecome, type NodeStatus } from '../core/status.ts';
import type { NodeReads, NodeRow, NodeSummary, NodeWrites } from './contract/nodes.ts';
import { appendEvents } from './events.ts';
import { fromMicroUsd, readTokens, toMicroUsd, writtenTokens } from './rows.ts';
import type { Db, NodesTable } from './schema.ts';
import { heldTask } from './task-rows.ts';

function nodeSummary(row: Omit<Selectable<NodesTable>, 'output' | 'seq'>): NodeSummary {
  return {
    taskId: row.task_id,
    attempt: row.attempt,
    nodeId: row.node_id,
    kind: row.kind,
    status: row.status,
    exitCode: row.exit_code,
    tail: row.tail,
    logFile: row.log_file,
    costUsd: fromMicroUsd(row.cost_micro_usd),
    costComputed: row.cost_computed === 1,
    tokens: readTokens(row),
    agent: row.agent,
    model: row.model,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    category: row.category,
    reason: row.reason,
  };
}

const SUMMARY = [
  'nodes.task_id',
  'nodes.attempt',
  'nodes.node_id',
  'nodes.kind',
  'nodes.status',
  'nodes.exit_code',
  'nodes.tail',
  'nodes.log_file',
  'nodes.cost_micro_usd',
  'nodes.cost_computed',
  'nodes.tokens_input',
  'nodes.tokens_output',
  'nodes.tokens_cached',
  'nodes.agent',
  'nodes.model',
  'nodes.started_at',
  'nodes.ended_at',
  'nodes.category',
  'nodes.reason',
] as const;

export function nodeReads(db: Db): NodeReads {
  return {
    async ofTask(taskId, attempt) {
      const rows = await db
        .selectFrom('nodes')
        .selectAll()
        .where('task_id', '=', taskId)
        .where('attempt', '=', attempt)
        .orderBy('seq')
        .execute();
      return rows.map((row) => ({ ...nodeSummary(row), output: row.output }));
    },
    async summariesOfTask(taskId, attempt) {
      const rows = await db
        .selectFrom('nodes')
        .select(SUMMARY)
        .where('task_id', '=', taskId)
        .where('attempt', '=', attempt)
        .orderBy('seq')
        .execute();
      return rows.map(nodeSummary);
    },
    async summariesOfFleet(fleetId) {
      const rows = await db
        .selectFrom('tasks')
        .innerJoin('nodes', (join) =>
          join.onRef('nodes.task_id', '=', 'tasks.id').onRef('nodes.attempt', '=', 'tasks.attempt'),
        )
        .select(SUMMARY)
        .where('tasks.fleet_id', '=', fleetId)
        .orderBy('tasks.position')
        .orderBy('nodes.seq')
        .execute();
      return rows.map(nodeSummary);
    },
  };
}

export function nodeWrites(db: Db): NodeWrites {
  return {
    async put(lease, node, now) {
      const task = await heldTask(db, lease);
      if (node.taskId !== task.id || node.attempt !== task.attempt) {
        throw new Error(
          `Node ${node.nodeId} is of ${node.taskId}/${node.attempt}, held is ${task.id}/${task.attempt}.`,
        );
      }
      const others = await db
        .selectFrom('nodes')
        .select(['node_id', 'status', 'seq'])
        .where('task_id', '=', node.taskId)
        .where('attempt', '=', node.attempt)
        .execute();
      const known = others.find((other) => other.node_id === node.nodeId);
      const from: NodeStatus = known?.status ?? 'pending';
      if (from !== node.status && !mayNodeBecome(from, node.status)) {
        throw new Error(`Node ${node.nodeId} of task ${task.id} cannot go from ${from} to ${node.status}.`);
      }
      const values = {
        kind: node.kind,
        status: node.status,
        exit_code: node.exitCode,
        output: node.output,
        tail: node.tail,
        log_file: node.logFile,
        cost_micro_usd: toMicroUsd(node.costUsd),
        cost_computed: node.costComputed ? 1 : 0,
        ...writtenTokens(node.tokens),
        agent: node.agent,
        model: node.model,
        started_at: node.startedAt,
        ended_at: node.endedAt,
        category: node.category,
        reason: node.reason,
      };
      const key = { task_id: node.taskId, attempt: node.attempt, node_id: node.nodeId };
      await db
        .insertInto('nodes')
        .values({ ...key, ...values, seq: known?.seq ?? others.length + 1 })
        .onConflict((conflict) => conflict.columns(['task_id', 'attempt', 'node_id']).doUpdateSet(values))
        .execute();
      const event = from === node.status ? undefined : eventOf(node);
      if (event !== undefined) await appendEvents(db, task.fleet_id, now, [event]);
    },
  };
}

function eventOf({ taskId, nodeId, status }: NodeRow): FleetEvent | undefined {
  switch (status) {
    case 'running':
      return { type: 'node_started', v: 1, taskId, node: nodeId };
    case 'completed':
    case 'failed':
    case 'skipped':
      return { type: 'node_ended', v: 1, taskId, node: nodeId, status };
    case 'pending':
    case 'waiting':
      return undefined;
  }
}
