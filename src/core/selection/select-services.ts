import type { LeftOut, Repository } from '../plan.ts';
import type { RequestFlags } from '../request-flags.ts';
import { isMoreVisible } from '../visibility.ts';
import type { ServiceEntry, Workflow } from '../workflow/types.ts';
import {
  emptyFault,
  entryFault,
  globFaults,
  NO_TARGETS_NAMED,
  namedFaults,
  outsideFaults,
  type Surroundings,
} from './faults.ts';
import { leaveOut } from './leave-out.ts';
import { anyOf, compileEntry, compileNames, type Matcher } from './match-entry.ts';
import { compileTag } from './match-tag.ts';
import { compileRepositoryGlob } from './repository-glob.ts';

export interface SelectionRequest {
  workflow: Pick<Workflow, 'services' | 'exclude'>;
  flags: Pick<RequestFlags, 'tag' | 'match' | 'repo' | 'exclude'>;
  /** Everything that the installation reaches. */
  repositories: readonly Repository[];
  controlRepository: Repository;
}

export interface Selection {
  /** By full name, each once. Whether they are empty and the sender may push there is asked later. */
  candidates: Repository[];
  /** Selected, but not taking part. */
  leftOut: LeftOut[];
  /** Sentences of safe Markdown; any one means that there is no selection. */
  faults: string[];
}

const NOTHING_NOT = { tag: [], names: [], match: [] };

/**
 * The repositories in which a workflow is to run. With `services: any` the flags are the entries: one of `--tag` and
 * `--match` together, one of all `--repo`. Otherwise a repository has to satisfy every kind of flag as well.
 */
export function selectServices({ workflow, flags, repositories, controlRepository }: SelectionRequest): Selection {
  const ownerLogin = controlRepository.ownerLogin;
  const entries = entriesOf(workflow.services, flags, controlRepository);
  const faults = globFaults(entries, workflow.exclude, flags);
  if (faults.length === 0 && entries.length === 0) faults.push(NO_TARGETS_NAMED);
  if (faults.length > 0) return { candidates: [], leftOut: [], faults };

  const all = byName([...repositories, ...(workflow.services === null ? [controlRepository] : [])]);
  const shown = all.filter(({ visibility }) => !isMoreVisible(controlRepository.visibility, visibility));
  const around: Surroundings = { all, shown, ownerLogin };
  const compiled = entries.map((entry) => ({
    entry,
    matches: compileEntry(entry, ownerLogin),
    names: compileNames(entry.names, ownerLogin),
  }));
  const excluded = anyOf([...workflow.exclude, ...flags.exclude].map(compileRepositoryGlob));
  const named = anyOf(
    compiled.map(
      ({ matches, names }) =>
        (one) =>
          names(one) && matches(one),
    ),
  );
  const selected = all.filter(anyOf(compiled.map(({ matches }) => matches)));

  for (const [index, { entry, matches }] of compiled.entries()) {
    const unusable = namedFaults(entry.names, around, excluded);
    faults.push(...unusable);
    if (unusable.length === 0 && !all.some(matches)) {
      faults.push(entryFault(entry, index, workflow.services === 'any', around));
    }
  }

  const wanted = workflow.services === 'any' ? selected : selected.filter(narrowedBy(flags, ownerLogin));
  if (workflow.services !== 'any') faults.push(...outsideFaults(flags.repo, around, selected));

  const leftOut = wanted.flatMap((repository) => leftOutAs(repository, excluded, named) ?? []);
  const out = new Set(leftOut.map(({ repositoryId }) => repositoryId));
  const candidates = wanted.filter(({ id }) => !out.has(id));
  if (faults.length === 0 && candidates.length === 0) faults.push(emptyFault(leftOut, selected.length, around));
  return { candidates: faults.length === 0 ? candidates : [], leftOut, faults: [...new Set(faults)] };
}

function entriesOf(
  services: Workflow['services'],
  flags: SelectionRequest['flags'],
  controlRepository: Repository,
): readonly ServiceEntry[] {
  if (services === null) return [{ tag: [], names: [controlRepository.fullName], match: [], not: NOTHING_NOT }];
  if (services !== 'any') return services;
  const byMark = { tag: flags.tag, names: [], match: flags.match, not: NOTHING_NOT };
  const byRepo = { tag: [], names: flags.repo, match: [], not: NOTHING_NOT };
  return [byMark, byRepo].filter(({ tag, names, match }) => tag.length + names.length + match.length > 0);
}

function narrowedBy(flags: SelectionRequest['flags'], ownerLogin: string): Matcher {
  const bounds = [
    ...flags.tag.map(compileTag),
    ...(flags.match.length > 0 ? [anyOf(flags.match.map(compileRepositoryGlob))] : []),
    ...(flags.repo.length > 0 ? [compileNames(flags.repo, ownerLogin)] : []),
  ];
  return (repository) => bounds.every((matches) => matches(repository));
}

function leftOutAs(repository: Repository, excluded: Matcher, named: Matcher): LeftOut | undefined {
  if (excluded(repository)) return leaveOut(repository, 'excluded');
  if (repository.topics.some((topic) => topic.toLowerCase() === 'fleet-ignore')) return leaveOut(repository, 'ignored');
  if (repository.archived) return leaveOut(repository, 'archived');
  if (repository.disabled) return leaveOut(repository, 'disabled');
  if (repository.fork && !named(repository)) return leaveOut(repository, 'fork');
  return undefined;
}

function byName(repositories: readonly Repository[]): Repository[] {
  const unique = new Map(repositories.map((repository) => [repository.id, repository]));
  return [...unique.values()].sort((a, b) => {
    const [left, right] = [a.fullName.toLowerCase(), b.fullName.toLowerCase()];
    return left < right ? -1 : left > right ? 1 : a.id - b.id;
  });
}
