import { quoteToken } from '../command/quote-token.ts';
import { nearest } from '../nearest.ts';
import type { LeftOut, Repository } from '../plan.ts';
import type { RequestFlags } from '../request-flags.ts';
import type { ServiceEntry } from '../workflow/types.ts';
import { fullNameOf, type Matcher } from './match-entry.ts';
import { topicOf } from './match-tag.ts';
import { repositoryGlobProblem } from './repository-glob.ts';

const MOST_LISTED = 20;

/** The installation as the faults of one request may speak about it. */
export interface Surroundings {
  all: readonly Repository[];
  /** Those whose names and topics a reply in the control repository may show: it is read by whoever can see that. */
  shown: readonly Repository[];
  ownerLogin: string;
}

export const NO_TARGETS_NAMED =
  'This workflow has `services: any`: the request names its targets. Add `--tag`, `--match` or `--repo`.';

export function globFaults(
  entries: readonly ServiceEntry[],
  exclude: readonly string[],
  flags: Pick<RequestFlags, 'match' | 'exclude'>,
): string[] {
  const globs = [
    ...entries.flatMap(({ match, not }) => [...match, ...not.match]),
    ...exclude,
    ...flags.match,
    ...flags.exclude,
  ];
  return [...new Set(globs)].flatMap((glob) => {
    const problem = repositoryGlobProblem(glob);
    return problem === undefined ? [] : [`The glob ${quoteToken(glob)} cannot be used: ${problem}.`];
  });
}

/** Names of an entry that no fleet can reach; what is excluded anyway is no fault. */
export function namedFaults(names: readonly string[], around: Surroundings, excluded: Matcher): string[] {
  return names.flatMap((name) => {
    const repository = find(name, around);
    if (repository === undefined) return [unknown(name, around)];
    return repository.archived && !excluded(repository) ? [archived(repository)] : [];
  });
}

/** `--repo` where flags only narrow: each has to be one that the workflow selects. */
export function outsideFaults(
  names: readonly string[],
  around: Surroundings,
  selected: readonly Repository[],
): string[] {
  return names.flatMap((name) => {
    const repository = find(name, around);
    if (repository === undefined) return [unknown(name, around)];
    if (repository.archived) return [archived(repository)];
    if (selected.includes(repository)) return [];
    return [
      `${quoteToken(repository.fullName)} is not among the services that this workflow selects, and \`--repo\` can only narrow them. Add it to \`services:\`.`,
    ];
  });
}

/** An entry that no repository of the installation matches. */
export function entryFault(entry: ServiceEntry, index: number, fromFlags: boolean, { shown }: Surroundings): string {
  const what = fromFlags
    ? `The request (${quoteToken(entryText(entry))})`
    : `Entry ${index + 1} of \`services:\` (${quoteToken(entryText(entry))})`;
  return `${what} matches no repository in which the app is installed. ${tagHint(entry.tag, shown)}`;
}

/** `tag: a, b; match: acme/*` */
export function entryText({ tag, names, match }: ServiceEntry): string {
  const parts = Object.entries({ tag, names, match }).filter(([, values]) => values.length > 0);
  return parts.map(([key, values]) => `${key}: ${values.join(', ')}`).join('; ');
}

function tagHint(tags: readonly string[], shown: readonly Repository[]): string {
  const known = new Set(shown.flatMap(({ topics }) => topics.map((topic) => topic.toLowerCase())));
  const missing = tags.find((tag) => !tag.toLowerCase().startsWith('property:') && !known.has(topicOf(tag)));
  if (missing === undefined) return 'Check its tags, names and globs, and where the app is installed.';
  const near = nearest(topicOf(missing), known);
  const meant = near === undefined ? '' : ` Did you mean the topic ${quoteToken(near)}?`;
  return `${quoteToken(missing)} is looked for as the topic ${quoteToken(topicOf(missing))}${
    missing.toLowerCase().startsWith('topic:') ? '' : ' or as a custom property'
  }.${meant}`;
}

/** Nothing is left to run in, though every entry matched something. */
export function emptyFault(leftOut: readonly LeftOut[], selected: number, { shown }: Surroundings): string {
  if (leftOut.length === 0) {
    const many = selected === 1 ? '1 repository' : `${selected} repositories`;
    return `The workflow selects ${many}, but none also fits the request's flags, which can only narrow. Leave some of them out.`;
  }
  const ids = new Set(shown.map(({ id }) => id));
  const listed = leftOut
    .filter(({ repositoryId }) => repositoryId !== null && ids.has(repositoryId))
    .slice(0, MOST_LISTED)
    .map(({ repository, detail }) => `\n- ${quoteToken(repository)}: ${detail}`);
  const others = leftOut.length - listed.length;
  return `No repository is left to run in. Left out:${listed.join('')}${others > 0 ? `\n- ${others} more` : ''}`;
}

function find(name: string, { all, ownerLogin }: Surroundings): Repository | undefined {
  const wanted = fullNameOf(name, ownerLogin).toLowerCase();
  return all.find(({ fullName }) => fullName.toLowerCase() === wanted);
}

function unknown(name: string, { shown, ownerLogin }: Surroundings): string {
  const wanted = fullNameOf(name, ownerLogin);
  const near = nearest(
    wanted,
    shown.map(({ fullName }) => fullName),
  );
  const meant = near === undefined ? '' : ` Did you mean ${quoteToken(near)}?`;
  return `${quoteToken(wanted)} does not exist, or the app is not installed there.${meant}`;
}

const archived = ({ fullName }: Repository): string =>
  `${quoteToken(fullName)} is named but archived. Take it out of the list, or unarchive it.`;
