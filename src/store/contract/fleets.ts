import type { FleetEvent } from '../../core/events.ts';
import type { Person, Place, Plan } from '../../core/plan.ts';
import type { FleetRequest } from '../../core/request.ts';
import type { Gate } from '../../core/rollout/next-step.ts';
import type { FleetLoad } from '../../core/slots.ts';
import type { Lease } from './lease.ts';

export interface FleetRow {
  id: string;
  installationId: number;
  controlRepositoryId: number;
  /** owner/name, display. */
  controlRepository: string;
  /** Hash of (installation, control repository, workflow, inputs after defaults). */
  fleetKey: string;
  workflow: string;
  branch: string;
  plan: Plan;
  /** Who asked. */
  sender: Person;
  /** Whose permission counts: the sender, or a dispatcher's run_as. */
  runAs: Person;
  door: FleetRequest['door'];
  origin: FleetRequest['origin'];
  deliveryId: string;
  idempotencyKey: string | null;
  createdAt: number;
  /** A plan that waits for approval expires then; null when it needs none. */
  expiresAt: number | null;
  approvedAt: number | null;
  approvedBy: Person | null;
  cancelRequestedAt: number | null;
  endedAt: number | null;
  /** The last wave that was released, from 0. */
  wave: number;
  /** Why no task of it starts; null: nothing holds it. */
  gate: Gate | null;
  gateSince: number | null;
  /** Somebody paused it: nothing of it starts or is pushed; null: nobody has. */
  pausedAt: number | null;
  /** Login. */
  pausedBy: string | null;
  /** When it was last paused or resumed, something of it retried, or an undo of it began or was over; null: never. */
  turnedAt: number | null;
  /** Id of the fleet with the same key that came after. */
  supersededBy: string | null;
  trackingIssue: { id: number; number: number; url: string } | null;
  eventSeq: number;
  reportedSeq: number;
  /** When the tracking issue was last written; null: never. */
  reportedAt: number | null;
  /** SHA-256 per page of what was last written there, to skip unchanged pages; the first is the issue's body. */
  reportedPages: readonly { commentId: number | null; digest: string }[];
  /** Seq of the last edit of the tracking issue's text that was not ours; 0: there was none. */
  editedSeq: number;
  /** The text was written since that edit. */
  putBackSeq: number;
}

export type NewFleet = Pick<
  FleetRow,
  | 'id'
  | 'installationId'
  | 'controlRepositoryId'
  | 'controlRepository'
  | 'fleetKey'
  | 'workflow'
  | 'branch'
  | 'plan'
  | 'sender'
  | 'runAs'
  | 'door'
  | 'origin'
  | 'deliveryId'
  | 'idempotencyKey'
  | 'createdAt'
  | 'expiresAt'
>;

export interface FleetReads {
  get(id: string): Promise<FleetRow | undefined>;
  /** The row's `pausedAt` alone, asked for before each node: plans are large. */
  isPaused(id: string): Promise<boolean>;
  unendedByKey(fleetKey: string): Promise<FleetRow | undefined>;
  byDelivery(deliveryId: string): Promise<FleetRow | undefined>;
  /** Keys are chosen by each control repository for itself. */
  byIdempotencyKey(installationId: number, controlRepositoryId: number, key: string): Promise<FleetRow | undefined>;
  byTrackingIssue(controlRepositoryId: number, issueNumber: number): Promise<FleetRow | undefined>;
  byPullRequest(repositoryId: number, pullRequest: number): Promise<FleetRow | undefined>;
  /** Newest first. */
  ofControlRepository(controlRepositoryId: number, limit: number): Promise<FleetRow[]>;
  /** The newest ended fleet of the key before this one. */
  previousOfKey(fleetKey: string, before: string): Promise<FleetRow | undefined>;
  /** Every ended fleet of the key before this one that nothing superseded yet, oldest first. */
  endedOfKeyWithoutSuccessor(fleetKey: string, before: string): Promise<FleetRow[]>;
  /** Oldest first. */
  all(): Promise<FleetRow[]>;
  /** Oldest first. */
  unended(): Promise<FleetRow[]>;
  /** Plans that nobody approved in time. */
  expired(now: number): Promise<FleetRow[]>;
  /** Fleets whose report is behind and unclaimed. */
  reportsBehind(now: number): Promise<FleetRow[]>;
  /** Approved and unended, oldest first: what admission weighs. */
  loads(): Promise<FleetLoad[]>;
}

export interface FleetWrites {
  /**
   * Inserts the fleet with its tasks (in plan order) and the event. `conflict` names the fleet that already exists
   * for this delivery, idempotency key, or unended key; then nothing was written.
   * With `expiresAt: null` it is approved at once (`approvedBy` null). Throws when there is no task.
   */
  insert(
    fleet: NewFleet,
    tasks: readonly ({ id: string; repositoryId: number; repository: string } & Partial<Place>)[],
    event: FleetEvent,
  ): Promise<{ inserted: true } | { inserted: false; conflict: FleetRow }>;
  /** Records fleet_approved. No effect on an approved one; throws when it ended. */
  approve(id: string, by: Person, now: number): Promise<void>;
  /** Records fleet_cancel_requested. No effect when requested or ended. `tasks.cancelFleet` comes after it. */
  requestCancel(id: string, now: number, by: Person): Promise<void>;
  /** The same for what waits for an approval as a whole: records fleet_rejected instead. */
  reject(id: string, on: 'plan' | 'gate', by: Person, now: number): Promise<void>;
  /** Ends a plan that nobody approved in time: its tasks are cancelled. No effect when approved, ended or not yet due. */
  expire(id: string, now: number): Promise<void>;
  /** The fleet goes on, with the next wave where the last one is over: records gate_opened. False: nothing held it. */
  openGate(id: string, by: Person, now: number): Promise<boolean>;
  /** Records fleet_paused. False: it is paused, planned, being cancelled or over. */
  pause(id: string, by: Person, now: number): Promise<boolean>;
  /** Records fleet_resumed. False: it is not paused, being cancelled or over. */
  resume(id: string, by: Person, now: number): Promise<boolean>;
  /**
   * Queues these tasks again, which failed, timed out or were cancelled, for a new attempt: records fleet_retried, and task_retried for each.
   * A fleet that had ended goes on, not paused and with its gate open unless its rollout asks for approval: records
   * fleet_reopened. Returns how many tasks are queued. Throws for a planned fleet and for one that is being cancelled.
   */
  retry(id: string, taskIds: readonly string[], by: Person, now: number): Promise<number>;
  /**
   * Queues these tasks again, which a preview prepared, to be pushed as they are: records fleet_publish_requested, and
   * task_publish_requested for each. A fleet that had ended goes on: records fleet_reopened. Returns how many tasks are
   * queued. Throws for a fleet that is being cancelled.
   */
  publish(id: string, taskIds: readonly string[], by: Person, now: number): Promise<number>;
  /** Cancels what is left of fleets that were held or paused for 7 days. */
  expireGates(now: number): Promise<void>;
  /** Records fleet_ended. The end of the last task does this by itself. Throws while a task is unended; no effect on an ended one. */
  end(id: string, now: number): Promise<void>;
  /** Records fleet_superseded; its patches are forgotten, as its successor shows its own. No effect when it has a successor. */
  supersede(id: string, by: string, now: number): Promise<void>;
  setTrackingIssue(id: string, issue: { id: number; number: number; url: string } | null): Promise<void>;
  /**
   * Somebody else edited the tracking issue's text: records issue_edited, so that a report is due that puts it back. No
   * effect while another edit waits for that, and no report was claimed since.
   */
  noteEdit(id: string, by: Person, now: number): Promise<void>;
  /** Claims the report of a fleet whose events are ahead of its report; undefined when another holds it. */
  claimReport(id: string, now: number, leaseUntil: number): Promise<(FleetRow & Lease) | undefined>;
  /** Records what was rendered and releases the lease. `putBack`: the `editedSeq` after which the issue's text was written. */
  reported(
    lease: Lease,
    report: { seq: number; at: number; pages: FleetRow['reportedPages']; putBack?: number },
  ): Promise<void>;
  /** Releases without having reported; not claimed again before `notBefore`. */
  releaseReport(lease: Lease, notBefore: number): Promise<void>;
}
