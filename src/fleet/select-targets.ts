import type { LeftOut, Person, Repository } from '../core/plan.ts';
import { Refusal } from '../core/refusals.ts';
import { renderSelectionFaults } from '../core/render/request-faults.ts';
import type { RequestFlags } from '../core/request-flags.ts';
import { leaveOut } from '../core/selection/leave-out.ts';
import { type EarlierTask, noLongerSelected } from '../core/selection/no-longer-selected.ts';
import { selectServices } from '../core/selection/select-services.ts';
import { withinDispatcher } from '../core/selection/within-dispatcher.ts';
import type { SharedSettings } from '../core/settings/types.ts';
import { isMoreVisible, violations } from '../core/visibility.ts';
import type { Workflow } from '../core/workflow/types.ts';
import type { GitHubReads } from '../ports/github-reads.ts';
import type { Authorized } from './authorize.ts';
import { canWrite } from './permission.ts';

export interface Selection {
  targets: readonly Repository[];
  leftOut: readonly LeftOut[];
}

/** The targets in running order, and every repository that was matched and left out. Throws Refusal. */
export async function selectTargets(
  reads: GitHubReads,
  wanted: { workflow: Workflow; flags: RequestFlags; earlier: readonly EarlierTask[] },
  { control, settings, runAs, dispatcher }: Authorized,
): Promise<Selection> {
  const { workflow, flags, earlier } = wanted;
  const repositories = await reads.repositories();
  const matched = selectServices({ workflow, flags, repositories, controlRepository: control });
  const tell = (leftOut: readonly LeftOut[]) =>
    settings.allowMoreVisibleControlRepository ? sorted(leftOut) : tellable(leftOut, control, repositories, earlier);
  if (matched.faults.length > 0) throw nothingSelected(matched.faults, tell(matched.leftOut));

  const bounded = dispatcher ? withinDispatcher(dispatcher, matched.candidates) : { ...matched, leftOut: [] };
  const permitted = await withPermission(reads, bounded.candidates, runAs);
  const leftOut = [...matched.leftOut, ...bounded.leftOut, ...permitted.leftOut];
  if (permitted.targets.length === 0) throw nothingSelected(['No repository is left to run in.'], tell(leftOut));
  refuseMoreVisibleControl(control, permitted.targets, settings);
  const named = [
    ...permitted.targets.map(({ id }) => id),
    ...leftOut.flatMap(({ repositoryId }) => repositoryId ?? []),
  ];
  return { targets: permitted.targets, leftOut: tell([...leftOut, ...noLongerSelected(earlier, new Set(named))]) };
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
  earlier: readonly EarlierTask[],
): LeftOut[] {
  const visibilities = new Map([
    ...earlier.map(({ repositoryId, visibility }) => [repositoryId, visibility] as const),
    ...repositories.map(({ id, visibility }) => [id, visibility] as const),
  ]);
  const told = leftOut.map((entry) => {
    const visibility = entry.repositoryId === null ? undefined : visibilities.get(entry.repositoryId);
    const hidden = visibility !== undefined && isMoreVisible(control.visibility, visibility);
    return hidden ? { ...entry, repositoryId: null, repository: `(${visibility} repository)` } : entry;
  });
  return sorted(told);
}

function sorted(leftOut: readonly LeftOut[]): LeftOut[] {
  return [...leftOut].sort((a, b) => a.repository.localeCompare(b.repository));
}

function refuseMoreVisibleControl(control: Repository, targets: readonly Repository[], settings: SharedSettings): void {
  if (settings.allowMoreVisibleControlRepository) return;
  const hidden = violations(control.visibility, targets);
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
