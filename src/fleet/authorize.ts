import type { Person, Repository } from '../core/plan.ts';
import { Refusal } from '../core/refusals.ts';
import type { FleetRequest } from '../core/request.ts';
import { mayBeControlRepository } from '../core/settings/may-be-control-repository.ts';
import type { Dispatcher, SharedSettings } from '../core/settings/types.ts';
import type { GitHubReads, Permission } from '../ports/github-reads.ts';
import type { FleetContext } from './context.ts';

/** Whose permission counts, and the bound of the dispatcher that acts for them (null: a person acts for themselves). */
export interface Authorized {
  runAs: Person;
  dispatcher: Dispatcher | null;
}

const CAN_WRITE: ReadonlySet<Permission> = new Set(['admin', 'maintain', 'write']);

export const canWrite = (permission: Permission | null): boolean => permission !== null && CAN_WRITE.has(permission);

/** A person who can write to the control repository, or a listed dispatcher whose `run_as` can. Throws Refusal. */
export async function authorizeSubmit(
  context: FleetContext,
  reads: GitHubReads,
  request: FleetRequest,
  control: Repository,
  settings: SharedSettings,
  workflow: string,
): Promise<Authorized> {
  const authorized =
    request.sender.type === 'Bot'
      ? await asDispatcher(reads, request, control, settings, workflow)
      : { runAs: request.sender, dispatcher: null };
  await requireWrite(reads, control, authorized.runAs);
  if (!mayBeControlRepository(context.settings, control.fullName)) {
    throw new Refusal(
      'control_repository_refused',
      `The operator does not list \`${control.fullName}\` under \`control_repositories\`.`,
      'Give the command in a repository that is listed, or ask the operator to add this one.',
    );
  }
  return authorized;
}

/** Throws a silent Refusal unless the person can write to the control repository. */
export async function requireWrite(reads: GitHubReads, control: Repository, person: Person): Promise<void> {
  if (canWrite(await reads.permission(control.fullName, person))) return;
  throw new Refusal(
    'not_permitted',
    `${person.login} has no write permission on \`${control.fullName}\`.`,
    'Ask somebody who has it.',
    { silent: true },
  );
}

async function asDispatcher(
  reads: GitHubReads,
  request: FleetRequest,
  control: Repository,
  settings: SharedSettings,
  workflow: string,
): Promise<Authorized> {
  const dispatcher = settings.dispatchers.find(
    (listed) =>
      same(listed.login, request.sender.login) &&
      same(listed.repository, control.fullName) &&
      listed.workflows.includes(workflow),
  );
  const runAs = dispatcher && (await reads.person(dispatcher.runAs));
  if (dispatcher && runAs) return { runAs, dispatcher };
  throw new Refusal(
    'not_permitted',
    dispatcher
      ? `\`run_as: ${dispatcher.runAs}\` of the dispatcher ${request.sender.login} names nobody on GitHub.`
      : `The bot ${request.sender.login} is not a dispatcher for \`${workflow}\` in \`${control.fullName}\`.`,
    'List it under `dispatchers:` with this repository, this workflow and a person in `run_as`.',
    { silent: true },
  );
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
