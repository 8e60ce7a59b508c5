/** The tables as Kysely sees them. Columns are integer or text; JSON is text; times are epoch milliseconds; booleans 0 or 1. */
import type { Kysely } from 'kysely';
import type { FailureCategory } from '../core/failures.ts';
import type { Gate } from '../core/rollout/next-step.ts';
import type { NodeStatus, TaskOutcome, TaskStatus } from '../core/status.ts';
import type { KeptReason, UndoneRemark, UndoState } from '../core/undo.ts';
import type { DeliveryRow } from './contract/deliveries.ts';
import type { EffectState } from './contract/effects.ts';
import type { FleetRow } from './contract/fleets.ts';
import type { NotificationRow } from './contract/notifications.ts';
import type { PushRow } from './contract/pushes.ts';

export interface Schema {
  deliveries: DeliveriesTable;
  fleets: FleetsTable;
  tasks: TasksTable;
  branches: BranchesTable;
  nodes: NodesTable;
  sessions: SessionsTable;
  approvals: ApprovalsTable;
  undos: UndosTable;
  effects: EffectsTable;
  pushes: PushesTable;
  patches: PatchesTable;
  reservations: ReservationsTable;
  places: PlacesTable;
  closings: ClosingsTable;
  events: EventsTable;
  missed_deliveries: MissedDeliveriesTable;
  delivery_looks: DeliveryLooksTable;
  disk: DiskTable;
  api_requests: ApiRequestsTable;
  notifications: NotificationsTable;
  notification_marks: NotificationMarksTable;
}

export type Db = Kysely<Schema>;

export interface DeliveriesTable {
  id: string;
  /** Order of insertion: times alone can be equal. */
  seq: number;
  /** Deliveries of one lane are worked on one after another; null: of none. */
  lane: string | null;
  installation_id: number;
  /** One delivery for each: the id of a delivery is not signed, what its comment says is. Null: of a dispatch. */
  comment_id: number | null;
  sender_id: number;
  request: string;
  state: DeliveryRow['state'];
  received_at: number;
  finished_at: number | null;
  not_before: number;
  failures: number;
  fence: number;
  lease_until: number | null;
  answer: string | null;
}

export interface FleetsTable {
  id: string;
  /** Order of insertion: times alone can be equal. */
  seq: number;
  installation_id: number;
  control_repository_id: number;
  control_repository: string;
  fleet_key: string;
  workflow: string;
  branch: string;
  plan: string;
  /** JSON, of the plan: for lists, which do not read plans. */
  inputs: string;
  parallel: number | null;
  sender_id: number;
  sender_login: string;
  run_as_id: number;
  run_as_login: string;
  door: FleetRow['door'];
  origin_issue: number | null;
  origin_comment: number | null;
  delivery_id: string;
  idempotency_key: string | null;
  created_at: number;
  expires_at: number | null;
  approved_at: number | null;
  approved_by_id: number | null;
  approved_by_login: string | null;
  cancel_requested_at: number | null;
  ended_at: number | null;
  superseded_by: string | null;
  issue_id: number | null;
  issue_number: number | null;
  issue_url: string | null;
  event_seq: number;
  reported_seq: number;
  reported_at: number | null;
  reported_pages: string;
  report_fence: number;
  report_lease_until: number | null;
  report_not_before: number;
  /** Why no task of it starts; null: nothing holds it. */
  gate: Gate | null;
  gate_since: number | null;
  paused_at: number | null;
  paused_by_login: string | null;
  /** When it was last paused or resumed, something of it retried, or an undo of it began or was over. */
  turned_at: number | null;
  /** The last one that was released. */
  wave: number;
  /** Failures until then do not halt it. */
  halts_since: number;
  /** Seq of the last edit of its tracking issue's text that was not ours, and the report's fence then. */
  edited_seq: number;
  edited_fence: number;
  /** Up to which of them the text was put back. */
  put_back_seq: number;
}

export interface TasksTable {
  id: string;
  fleet_id: string;
  repository_id: number;
  repository: string;
  position: number;
  branch: string;
  status: TaskStatus;
  outcome: TaskOutcome | null;
  category: FailureCategory | null;
  reason: string | null;
  warnings: string;
  attempt: number;
  fence: number;
  lease_until: number | null;
  cancel_requested: number;
  publishing_at: number | null;
  publishing_tree: string | null;
  base_branch: string | null;
  base_sha: string | null;
  pull_request_number: number | null;
  pull_request_url: string | null;
  workspace: string | null;
  cost_micro_usd: number | null;
  /** With what unknown costs count for. */
  counted_micro_usd: number;
  started_at: number | null;
  ended_at: number | null;
  not_before: number;
  /** How often the process ended while it ran. */
  abandonments: number;
  /** What a later worker can go on from; null: nothing. */
  journal: string | null;
  wave: number;
  stage: number;
  /** Of a preview: what it prepared is to be pushed. */
  publish_asked: number;
  /** Why it ran again although it was prepared. */
  ran_again: string | null;
}

interface BranchesTable {
  repository_id: number;
  branch: string;
  fleet_key: string;
}

/** Together null: unknown. */
export interface TokenColumns {
  tokens_input: number | null;
  tokens_output: number | null;
  tokens_cached: number | null;
}

export interface NodesTable extends TokenColumns {
  task_id: string;
  attempt: number;
  node_id: string;
  /** Order of insertion within the attempt. */
  seq: number;
  kind: string;
  status: NodeStatus;
  exit_code: number | null;
  output: string;
  tail: string;
  log_file: string | null;
  cost_micro_usd: number | null;
  /** Something of it was computed from tokens and prices. */
  cost_computed: number;
  agent: string | null;
  model: string | null;
  started_at: number | null;
  ended_at: number | null;
  category: FailureCategory | null;
  reason: string;
}

/** One prompt to one agent. */
interface SessionsTable extends TokenColumns {
  id: string;
  fleet_id: string;
  task_id: string;
  attempt: number;
  /** Of its node, without iterations: sessions of a place share the node's budget. */
  place: string;
  /** With iterations. */
  node_id: string;
  /** On whom its cost counts. */
  user_id: number;
  started_at: number;
  /** lost: the process ended while it ran. */
  state: 'running' | 'settled' | 'lost';
  /** What the agent has told so far, or what was computed; null: nothing. */
  cost_micro_usd: number | null;
  cost_computed: number;
  /** For budgets: what is known, or the worst case. */
  counted_micro_usd: number;
}

export interface ApprovalsTable {
  task_id: string;
  attempt: number;
  node_id: string;
  /** Order of insertion within the attempt. */
  seq: number;
  fleet_id: string;
  message: string;
  decisions: string;
  asked_at: number;
  expires_at: number;
  answered_at: number | null;
  /** null with an answered_at: it expired. */
  decision: string | null;
  answer_text: string;
  decided_by_id: number | null;
  decided_by_login: string | null;
}

/** The newest undo of a task's pull request. */
export interface UndosTable {
  task_id: string;
  fleet_id: string;
  /** Of the task, so that nothing else begins on the branch before this is settled. */
  repository_id: number;
  branch: string;
  requested_at: number;
  by_id: number;
  by_login: string;
  state: UndoState['state'];
  /** Why it was kept, or what is to be said of an undone one; null: nothing. */
  reason: KeptReason | UndoneRemark | null;
  /** In GitHub's words; null: none. */
  detail: string | null;
  not_before: number;
  /** Since when GitHub has not answered; null: it does. */
  failing_since: number | null;
  fence: number;
  lease_until: number | null;
}

export interface EffectsTable {
  id: string;
  seq: number;
  key: string;
  kind: string;
  installation_id: number;
  fleet_id: string | null;
  task_id: string | null;
  request: string;
  state: EffectState;
  result: string | null;
  error: string | null;
  intended_at: number;
  sent_at: number | null;
  unanswered: number;
  unanswered_since: number | null;
  looks: number;
  not_before: number;
  fence: number;
  lease_until: number | null;
}

export interface PushesTable {
  id: string;
  seq: number;
  repository_id: number;
  branch: string;
  sha: string;
  expected: string | null;
  task_id: string;
  fleet_id: string;
  state: PushRow['state'];
  at: number;
}

interface PatchesTable {
  task_id: string;
  attempt: number;
  at: number;
  digest: string;
  files: string;
  diff: string;
  size: number;
  truncated: number;
}

/** Of requests that were sent. */
interface ReservationsTable {
  installation_id: number;
  effect_id: string;
  at: number;
}

/** Of effects that wait for their turn. */
interface PlacesTable {
  effect_id: string;
  installation_id: number;
  at: number;
}

interface ClosingsTable {
  installation_id: number;
  until: number;
}

export interface EventsTable {
  fleet_id: string;
  seq: number;
  at: number;
  type: string;
  v: number;
  body: string;
}

export interface MissedDeliveriesTable {
  guid: string;
  attempt_id: string;
  event: string;
  first_at: number;
  asked: number;
  next_ask_at: number;
  state: 'open' | 'arrived' | 'given_up';
}

/** One row. */
export interface DeliveryLooksTable {
  id: number;
  newest: number | null;
  seen_at: number;
  settled: number;
  not_before: number;
}

/** One row while the disk is full, else none. */
export interface NotificationsTable {
  id: string;
  fleet_id: string;
  event_seq: number;
  kind: NotificationRow['kind'];
  mention: string | null;
  body: string | null;
  state: NotificationRow['state'];
  created_at: number;
  tries: number;
  not_before: number;
  fence: number;
  lease_until: number | null;
}

interface NotificationMarksTable {
  fleet_id: string;
  seq: number;
}

interface DiskTable {
  full_since: number;
}

/** Of the HTTP API, with an idempotency key. */
export interface ApiRequestsTable {
  caller: string;
  key: string;
  digest: string;
  /** HTTP status; null: not answered yet. */
  status: number | null;
  /** JSON, gzip, base64. */
  answer: string | null;
  opened_at: number;
}
