import { nearest } from '../core/nearest.ts';
import { LogsError } from '../fleet/logs-error.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { Reads } from '../store/contract/store.ts';
import type { TaskRow } from '../store/contract/tasks.ts';

/** A task by its id, or by its fleet's id and its repository. @throws LogsError with the ids that are near or that there are */
export async function findTask(read: Reads, words: readonly string[]): Promise<TaskRow> {
  const [id = '', repository] = words;
  if (words.length === 0) throw new LogsError(await newestFleets(read));
  const task = await read.tasks.get(id);
  if (task !== undefined) return task;
  const fleet = await read.fleets.get(id);
  if (fleet !== undefined) return ofFleet(read, fleet, repository);
  const fleets = await read.fleets.all();
  const tasks = await Promise.all(fleets.map((one) => read.tasks.ofFleet(one.id)));
  const near = nearest(id, [...fleets.map((one) => one.id), ...tasks.flat().map((one) => one.id)]);
  const hint = near === undefined ? await newestFleets(read) : `Did you mean ${near}?`;
  throw new LogsError(`There is no task or fleet ${id} here. ${hint}`);
}

async function ofFleet(read: Reads, { id, workflow }: FleetRow, repository: string | undefined): Promise<TaskRow> {
  const tasks = await read.tasks.ofFleet(id);
  if (repository !== undefined) {
    const wanted = repository.toLowerCase();
    const named = tasks.filter((task) => [task.repository, nameOf(task)].some((name) => name.toLowerCase() === wanted));
    const [task] = named;
    if (task !== undefined && named.length === 1) return task;
    const near = nearest(repository, [...tasks.map((one) => one.repository), ...tasks.map(nameOf)]);
    const hint = near === undefined ? '' : ` Did you mean ${near}?`;
    throw new LogsError(`The fleet ${id} has no task in ${repository}.${hint} \`fleet logs ${id}\` lists its tasks.`);
  }
  const [only] = tasks;
  if (only !== undefined && tasks.length === 1) return only;
  const lines = tasks.map((task) => `  ${task.id}  ${task.status.padEnd(9)}  ${task.repository}`);
  throw new LogsError([`Name one task of the fleet ${id} (${workflow}):`, ...lines].join('\n'));
}

const nameOf = ({ repository }: TaskRow): string => repository.slice(repository.indexOf('/') + 1);

const NEWEST = 20;

async function newestFleets(read: Reads): Promise<string> {
  const fleets = (await read.fleets.all()).slice(-NEWEST).reverse();
  if (fleets.length === 0) return 'There is no fleet in this data directory.';
  const lines = fleets.map(
    ({ id, workflow, controlRepository, createdAt }) =>
      `  ${id}  ${new Date(createdAt).toISOString().slice(0, 16)}Z  ${workflow} in ${controlRepository}`,
  );
  return ['Pull requests and failures show the task to ask for. `fleet logs <fleet>` lists its tasks:', ...lines].join(
    '\n',
  );
}
