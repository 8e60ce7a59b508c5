import type { Person, Repository } from '../core/plan.ts';
import { Refusal } from '../core/refusals.ts';
import type { FleetRequest } from '../core/request.ts';
import { mayBeControlRepository } from '../core/settings/may-be-control-repository.ts';
import type { Dispatcher, SharedSettings } from '../core/settings/types.ts';
import type { GitHubReads } from '../ports/github-reads.ts';
import type { FleetContext } from './context.ts';
import { controlRepository, requireTrackingIssues } from './control-repository.ts';
import { loadSettings } from './load-settings.ts';
import { mayWrite, requireSender } from './permission.ts';

/** Where a fleet may start, under which settings and for whom. */
export interface Authorized {
  control: Repository;
  settings: SharedSettings;
  /** Whose permission counts. */
  runAs: Person;
  /** The bound of the dispatcher that acts for them; null: a person acts for themselves. */
  dispatcher: Dispatcher | null;
}

/**
 * A person who can write to the control repository, or a listed dispatcher whose `run_as` can. A person is asked about
 * before anything is read of which a refusal could tell. Throws Refusal.
 */
export async function authorizeSubmit(
  context: FleetContext,
  reads: GitHubReads,
  request: FleetRequest,
  workflow: string,
): Promise<Authorized> {
  await requireSender(reads, request);
  const control = await controlRepository(reads, request);
  requireTrackingIssues(control);
  requireListed(context, control);
  const settings = await loadSettings(context, reads, control);
  if (request.sender.type !== 'Bot') return { control, settings, runAs: request.sender, dispatcher: null };
  const dispatcher = requireDispatcher(request, control, settings, workflow);
  return { control, settings, dispatcher, runAs: await personOf(reads, control, dispatcher) };
}

function requireListed(context: FleetContext, control: Repository): void {
  if (mayBeControlRepository(context.settings, control.fullName)) return;
  throw new Refusal(
    'control_repository_refused',
    `The operator does not list \`${control.fullName}\` under \`control_repositories\`.`,
    'Give the command in a repository that is listed, or ask the operator to add this one.',
  );
}

/** Told openly: GitHub takes dispatches only from those who can write to the repository. */
function requireDispatcher(
  request: FleetRequest,
  control: Repository,
  settings: SharedSettings,
  workflow: string,
): Dispatcher {
  const dispatcher = listedDispatcher(settings, request.sender, control, workflow);
  if (dispatcher !== undefined) return dispatcher;
  throw new Refusal(
    'not_permitted',
    `The bot \`${request.sender.login}\` is not a dispatcher for \`${workflow}\` in \`${control.fullName}\`.`,
    "List it under `dispatchers:` in the operator's or the organization's settings, with this repository, this workflow and a person in `run_as`.",
  );
}

/** The entry of `dispatchers:` for this bot, control repository and workflow. */
export function listedDispatcher(
  settings: Pick<SharedSettings, 'dispatchers'>,
  bot: Person,
  control: Repository,
  workflow: string,
): Dispatcher | undefined {
  return settings.dispatchers.find(
    ({ login, repository, workflows }) =>
      same(login, bot.login) && same(repository, control.fullName) && workflows.includes(workflow),
  );
}

async function personOf(reads: GitHubReads, control: Repository, dispatcher: Dispatcher): Promise<Person> {
  const person = await reads.person(dispatcher.runAs);
  if (person !== undefined && (await mayWrite(reads, control.fullName, person))) return person;
  throw new Refusal(
    'not_permitted',
    person === undefined
      ? `\`run_as: ${dispatcher.runAs}\` of the dispatcher \`${dispatcher.login}\` names nobody on GitHub.`
      : `\`run_as: ${dispatcher.runAs}\` of the dispatcher \`${dispatcher.login}\` has no write permission on \`${control.fullName}\`.`,
    'Name a person in `run_as` who can write here, or give this one the permission.',
  );
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
