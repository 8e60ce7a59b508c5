import { decideUndo, leftPullRequest, type UndoDecision } from '../core/undo.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { TaskRow } from '../store/contract/tasks.ts';
import type { UndoRow } from '../store/contract/undos.ts';
import type { WorkerContext } from './context.ts';

/** One pull request that somebody wants closed. */
export interface UndoPlace {
  context: WorkerContext;
  undo: UndoRow;
  fleet: FleetRow;
  task: TaskRow & { pullRequest: NonNullable<TaskRow['pullRequest']> };
}

/**
 * What may be done to it as it stands on GitHub now. The head is looked at last, as what follows depends on it. Throws GitHubError.
 * @param repository owner/name, as GitHub has it now
 */
export async function judgeUndo({ context, fleet, task }: UndoPlace, repository: string): Promise<UndoDecision> {
  const writes = context.github.writes(fleet.installationId);
  const { botLogin } = await context.github.identity();
  const pulls = await writes.pullRequests(repository, fleet.branch);
  const pushes = await pushesOf(context, fleet, task);
  const taken = await isTaken(context, fleet, task);
  const head = await writes.branchHead(repository, fleet.branch);
  return decideUndo({
    number: task.pullRequest.number,
    pulls: pulls.filter(({ headRepositoryId }) => headRepositoryId === task.repositoryId),
    head: head ?? null,
    pushes,
    taken,
    botLogin,
  });
}

/** By the newest fleet that shows the pull request. */
async function isTaken({ store }: WorkerContext, fleet: FleetRow, { repositoryId, pullRequest }: UndoPlace['task']) {
  const newest = await store.read.fleets.byPullRequest(repositoryId, pullRequest.number);
  if (newest === undefined || newest.id === fleet.id) return false;
  const tasks = await store.read.tasks.ofFleet(newest.id);
  const its = tasks.find((one) => one.repositoryId === repositoryId && one.pullRequest?.number === pullRequest.number);
  if (its === undefined || !leftPullRequest(its)) return false;
  return (await store.read.undos.get(its.id))?.state !== 'undone';
}

/** A commit that several fleets pushed is the newest one's. */
async function pushesOf({ store }: WorkerContext, fleet: FleetRow, { repositoryId }: TaskRow) {
  const pushes = (await store.read.pushes.ofBranch(repositoryId, fleet.branch)).toReversed();
  const foreign = new Map([[fleet.id, false]]);
  for (const { fleetId } of pushes) {
    if (!foreign.has(fleetId)) foreign.set(fleetId, isForeign(await store.read.fleets.get(fleetId), fleet));
  }
  const landed = pushes.filter(({ state }) => state !== 'refused');
  return new Map(landed.map(({ sha, fleetId }) => [sha, { foreign: foreign.get(fleetId) ?? true }]));
}

/** An earlier fleet of the key left to this one what it had pushed. */
const isForeign = (other: FleetRow | undefined, { fleetKey, createdAt }: FleetRow): boolean =>
  other === undefined || other.fleetKey !== fleetKey || other.createdAt > createdAt;
