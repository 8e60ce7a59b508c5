import {
  changeProperty,
  changeTopics,
  type PropertyDefinition,
  type PropertyValue,
  type TagAction,
} from '../../core/selection/change-tag.ts';
import type { TagTarget } from '../../core/selection/writable-tag.ts';
import type { RepositoryTags, TaggedRepository } from '../../platform/github/tags/repository-tags.ts';
import { GitHubError } from '../../ports/github-reads.ts';

/** The target, with the organization's definition where it is a property. */
export type DefinedTag =
  | { target: Extract<TagTarget, { kind: 'topic' }>; definition: null }
  | { target: Extract<TagTarget, { kind: 'property' }>; definition: PropertyDefinition };

export interface TagOutcome {
  repository: string;
  outcome: 'changed' | 'would_change' | 'unchanged' | 'failed' | 'not_reached';
  /** Such as `+ platform-my-app`; '' without a change. */
  change: string;
  /** '' unless it failed, or something is worth telling. */
  detail: string;
}

type Step =
  | { kind: 'none' }
  | { kind: 'refused'; problem: string }
  | { kind: 'write'; change: string; send: () => Promise<void> };

const MAX_WRITES = 3;

/** What would be written now; sends nothing. */
export function planTag(tags: RepositoryTags, found: TaggedRepository, tag: DefinedTag, action: TagAction): TagOutcome {
  const repository = found.fullName;
  const step = nextStep(tags, found, tag, action);
  switch (step.kind) {
    case 'none':
      return { repository, outcome: 'unchanged', change: '', detail: '' };
    case 'refused':
      return { repository, outcome: 'failed', change: '', detail: step.problem };
    case 'write':
      if (found.archived) return { repository, outcome: 'failed', change: '', detail: ARCHIVED };
      return { repository, outcome: 'would_change', change: step.change, detail: '' };
  }
}

const ARCHIVED = 'It is archived, so that nothing of it can be changed.';

/**
 * Writes, and reads again whether it is so: GitHub replaces topics as a whole, so that somebody else who writes at the same
 * time can take it away. A write without an answer counts as one, as the next look tells. Throws GitHubError.
 * @param turn waits until the next write may go out
 */
export async function tagRepository(
  tags: RepositoryTags,
  found: TaggedRepository,
  { tag, action, turn }: { tag: DefinedTag; action: TagAction; turn: () => Promise<void> },
): Promise<TagOutcome> {
  const first = planTag(tags, found, tag, action);
  if (first.outcome !== 'would_change') return first;
  const { repository, change } = first;
  let known = found;
  for (let writes = 0; ; writes += 1) {
    const step = nextStep(tags, known, tag, action);
    if (step.kind === 'none') return { repository, outcome: 'changed', change, detail: '' };
    if (step.kind === 'refused') return { repository, outcome: 'failed', change: '', detail: step.problem };
    if (writes === MAX_WRITES) {
      const detail = `It was written ${MAX_WRITES} times, and something else stood there each time afterwards: does another program write it?`;
      return { repository, outcome: 'failed', change: '', detail };
    }
    await turn();
    await step.send().catch((error: unknown) => {
      if (!(error instanceof GitHubError && error.kind === 'unknown' && writes + 1 < MAX_WRITES)) throw error;
    });
    known = await readAgain(tags, known, tag);
  }
}

async function readAgain(tags: RepositoryTags, known: TaggedRepository, tag: DefinedTag): Promise<TaggedRepository> {
  return tag.definition === null
    ? { ...known, topics: await tags.topics(known.fullName) }
    : { ...known, customProperties: await tags.properties(known.fullName) };
}

function nextStep(tags: RepositoryTags, found: TaggedRepository, tag: DefinedTag, action: TagAction): Step {
  const { fullName } = found;
  if (tag.definition === null) {
    const { topic } = tag.target;
    const next = changeTopics(found.topics, topic, action);
    if (next.kind !== 'write') return next;
    const change = `${action === 'tag' ? '+' : '-'} ${topic}`;
    return { kind: 'write', change, send: () => tags.writeTopics(fullName, next.topics) };
  }
  const { definition } = tag;
  const next = changeProperty(found.customProperties, tag.target, definition, action);
  if (next.kind !== 'write') return next;
  const { before, value } = next;
  const change = `${definition.name}: ${valueText(before)} → ${valueText(value)}`;
  return { kind: 'write', change, send: () => tags.writeProperty(fullName, definition.name, value) };
}

function valueText(value: PropertyValue | null): string {
  if (value === null) return '(none)';
  return typeof value === 'string' ? value : value.join(', ');
}
