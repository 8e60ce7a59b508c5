import { setTimeout as timer } from 'node:timers/promises';
import { definedTarget, type TagAction } from '../../core/selection/change-tag.ts';
import { compileTag } from '../../core/selection/match-tag.ts';
import type { TagTarget } from '../../core/selection/writable-tag.ts';
import type { RepositoryTags, TaggedRepository } from '../../platform/github/tags/repository-tags.ts';
import { GitHubError } from '../../ports/github-reads.ts';
import type { Chosen } from './choose-repositories.ts';
import { readRefusal, writeRefusal } from './refusal-text.ts';
import type { TagResult } from './tag-output.ts';
import { type DefinedTag, planTag, type TagOutcome, tagRepository } from './tag-repository.ts';

export interface TagRun {
  /** As it was given. */
  tag: string;
  target: TagTarget;
  action: TagAction;
  plan: boolean;
  /** Between two writes. */
  pauseMs: number;
}

/** One after another, as GitHub asks who writes much; one's failure stops no other, a limit or a bad token all. */
export async function changeTags(
  tags: RepositoryTags,
  repositories: readonly Chosen[],
  run: TagRun,
): Promise<Pick<TagResult, 'outcomes' | 'stopped'>> {
  const outcomes: TagOutcome[] = [];
  const define = definer(tags, run);
  let stopped: TagResult['stopped'] = null;
  let wrote = false;
  const turn = async (): Promise<void> => {
    if (wrote) await timer(run.pauseMs);
    wrote = true;
  };
  for (const [index, chosen] of repositories.entries()) {
    if (stopped !== null) {
      outcomes.push({ repository: chosen.fullName, outcome: 'not_reached', change: '', detail: '' });
      continue;
    }
    try {
      const outcome = await tagOne(tags, chosen, { ...run, define, turn });
      outcomes.push(outcome);
      sayProgress(`${index + 1}/${repositories.length} ${outcome.repository}: ${outcome.outcome.replace('_', ' ')}`);
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error;
      stopped = { reason: error.message, retryAt: error.retryAt };
      outcomes.push({ repository: chosen.fullName, outcome: 'not_reached', change: '', detail: '' });
    }
  }
  return { outcomes, stopped };
}

type Define = (fullName: string) => Promise<{ ok: true; tag: DefinedTag } | { ok: false; problem: string }>;

async function tagOne(
  tags: RepositoryTags,
  { fullName, listed }: Chosen,
  { tag, action, plan, define, turn }: TagRun & { define: Define; turn: () => Promise<void> },
): Promise<TagOutcome> {
  const failed = (detail: string): TagOutcome => ({ repository: fullName, outcome: 'failed', change: '', detail });
  let defined: DefinedTag | null = null;
  try {
    const found = plan && listed !== null ? listed : await tags.repository(fullName);
    const definition = await define(found.fullName);
    if (!definition.ok) return failed(definition.problem);
    defined = definition.tag;
    const outcome = plan
      ? planTag(tags, found, defined, action)
      : await tagRepository(tags, found, { tag: defined, action, turn });
    return action === 'untag' && outcome.detail === ''
      ? { ...outcome, detail: otherForm(tag, defined, found) }
      : outcome;
  } catch (error) {
    if (!(error instanceof GitHubError) || endsAll(error)) throw error;
    return failed(defined === null ? readRefusal(error, fullName) : writeRefusal(error, defined));
  }
}

/** Selection finds a tag in either form, so that who took one away learns of the other. */
function otherForm(tag: string, { target }: DefinedTag, found: TaggedRepository): string {
  if (/^\s*(topic|property):/i.test(tag)) return '';
  const [other, way] =
    target.kind === 'topic'
      ? (['property', 'custom property: `fleet untag --property`'] as const)
      : (['topic', 'topic: `fleet untag` without --property'] as const);
  const carries = compileTag(`${other}:${tag.trim()}`)(found);
  return carries ? `It still carries the tag as a ${way} takes that away.` : '';
}

/** A limit, and a token that GitHub does not know. */
const endsAll = ({ kind, status }: GitHubError): boolean => kind === 'limited' || status === 401;

/** What an organization defines is asked once; a topic needs no definition. */
function definer(tags: RepositoryTags, { target, action }: TagRun): Define {
  if (target.kind === 'topic') return async () => ({ ok: true, tag: { target, definition: null } });
  const byOwner = new Map<string, ReturnType<Define>>();
  const ask = async (owner: string): ReturnType<Define> => {
    try {
      const defined = definedTarget(target, await tags.definitions(owner), { owner, action });
      return defined.ok ? { ok: true, tag: defined } : defined;
    } catch (error) {
      if (!(error instanceof GitHubError) || endsAll(error)) throw error;
      return { ok: false, problem: `${error.message}. ${DEFINITIONS}` };
    }
  };
  return async (fullName) => {
    const owner = fullName.split('/')[0] ?? '';
    const known = byOwner.get(owner) ?? ask(owner);
    byOwner.set(owner, known);
    return known;
  };
}

const DEFINITIONS =
  'Custom properties are defined by organizations, and their members may read them; a fine-grained token needs "Custom properties: read" of the organization.';

/** What was done so far, for who ends it before the table is printed. */
function sayProgress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${line}\n`);
}
