import type { LeftOut, Person, Repository } from '../core/plan.ts';
import { Refusal } from '../core/refusals.ts';
import { renderSelectionFaults } from '../core/render/request-faults.ts';
import type { RequestFlags } from '../core/request-flags.ts';
import { leaveOut } from '../core/selection/leave-out.ts';
import { selectServices } from '../core/selection/select-services.ts';
import { withinDispatcher } from '../core/selection/within-dispatcher.ts';
import type { Dispatcher, SharedSettings } from '../core/settings/types.ts';
import { isMoreVisible } from '../core/visibility.ts';
import type { Workflow } from '../core/workflow/types.ts';
import type { GitHubReads } from '../ports/github-reads.ts';
import { canWrite } from './authorize.ts';

export interface Selection {
  targets: readonly Repository[];
  leftOut: readonly LeftOut[];
}

/** The targets in running order, and every repository that was matched and left out. Throws Refusal. */
export async function selectTargets(
  reads: GitHubReads,
  control: Repository,
  workflow: Workflow,
  flags: RequestFlags,
  settings: SharedSettings,
  authorized: { runAs: Person; dispatcher: Dispatcher | null },
): Promise<Selection> {
  const repositories = await reads.repositories();
  const matched = selectServices({ workflow, flags, repositories, controlRepository: control });
  if (matched.faults.length > 0) {
    throw nothingSelected(matched.faults, tellable(matched.leftOut, control, repositories, settings));
  }

  const { dispatcher, runAs } = authorized;
  const bounded = dispatcher ? withinDispatcher(dispatcher, matched.candidates) : matched;
  const outOfBounds = dispatcher ? bounded.leftOut : [];
  const permitted = await withPermission(reads, bounded.candidates, runAs);
  const leftOut = [...matched.leftOut, ...outOfBounds, ...permitted.leftOut];
  const told = tellable(leftOut, control, repositories, settings);
  if (permitted.targets.length === 0) throw nothingSelected(['No repository is left to run in.'], told);
  refuseMoreVisibleControl(control, permitted.targets, settings);
  return { targets: permitted.targets, leftOut: told };
}

async function withPermission(
  reads: GitHubReads,
  candidates: readonly Repository[],
  person: Person,
): Promise<Selection> {
  const facts = await reads.targetFacts(candidates, person);
  const targets: Repository[] = [];
  const leftOut: LeftOut[] = [];
  for (const candidate of candidates) {
    const fact = facts.get(candidate.id);
    if (!canWrite(fact?.permission ?? null)) leftOut.push(leaveOut(candidate, 'no_permission'));
    else if (fact?.empty) leftOut.push(leaveOut(candidate, 'empty'));
    else targets.push(candidate);
  }
  return { targets, leftOut };
}

/** A left-out repository that readers of the control repository may not know of loses its name. */
function tellable(
  leftOut: readonly LeftOut[],
  control: Repository,
  repositories: readonly Repository[],
  settings: SharedSettings,
): LeftOut[] {
  const visibilities = new Map(repositories.map(({ id, visibility }) => [id, visibility]));
  const told = leftOut.map((entry) => {
    const visibility = entry.repositoryId === null ? undefined : visibilities.get(entry.repositoryId);
    const hidden = visibility !== undefined && isMoreVisible(control.visibility, visibility);
    return hidden && !settings.allowMoreVisibleControlRepository
      ? { ...entry, repositoryId: null, repository: `(${visibility} repository)` }
      : entry;
  });
  return told.sort((a, b) => a.repository.localeCompare(b.repository));
}

function refuseMoreVisibleControl(control: Repository, targets: readonly Repository[], settings: SharedSettings): void {
  if (settings.allowMoreVisibleControlRepository) return;
  const hidden = targets.filter((target) => isMoreVisible(control.visibility, target.visibility));
  if (hidden.length === 0) return;
  throw new Refusal(
    'too_visible',
    `\`${control.fullName}\` is ${control.visibility}, and ${hidden.length} of the ${targets.length} targets are less visible: its tracking issue would show their names and results to people who cannot see them.`,
    'Give the command in a repository that is as private as they are, or let the organization set `allow_more_visible_control_repository: true`.',
  );
}

function nothingSelected(faults: readonly string[], leftOut: readonly LeftOut[]): Refusal {
  return new Refusal(
    'nothing_selected',
    renderSelectionFaults(faults, leftOut),
    'Correct `services:` in the workflow or the flags of the command; `--plan` shows what a command would select.',
  );
}
