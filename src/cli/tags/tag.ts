import { setTimeout as timer } from 'node:timers/promises';
import { definedTarget, type TagAction } from '../../core/selection/change-tag.ts';
import { type TagTarget, targetText, writableTag } from '../../core/selection/writable-tag.ts';
import type { RepositoryTags } from '../../platform/github/tags/repository-tags.ts';
import { GitHubError } from '../../ports/github-reads.ts';
import { type ChoiceFlags, type Chosen, chooseRepositories } from './choose-repositories.ts';
import { confirmed } from './confirmed.ts';
import { openTags } from './open-tags.ts';
import { readRefusal, writeRefusal } from './refusal-text.ts';
import { printTagged, type TagResult } from './tag-output.ts';
import { type DefinedTag, planTag, type TagOutcome, tagRepository } from './tag-repository.ts';
import { TagsError } from './tags-error.ts';

export interface TagFlags extends ChoiceFlags {
  plan: boolean;
  property: boolean;
  json: boolean;
  yes: boolean;
}

/** docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api, "Pause between mutative requests". */
const PAUSE_MS = 1000;
/** More than this many are not changed by mistake. */
const ASK_OVER = 25;

interface Around {
  open?: () => Promise<RepositoryTags>;
  /** Between two writes. */
  pauseMs?: number;
}

/** `fleet tag` and `fleet untag`. Exit status: 0; 1 when anything was refused or failed, which is told. */
export async function runTag(
  action: TagAction,
  tag: string,
  names: readonly string[],
  flags: TagFlags,
  { open = openTags, pauseMs = PAUSE_MS }: Around = {},
): Promise<number> {
  const writable = writableTag(tag, flags);
  if (!writable.ok) throw new TagsError(`${writable.problem}. ${writable.remedy}`);
  const { target } = writable;
  const tags = await open();
  const { repositories, archived } = await chooseRepositories(tags, names, flags, { all: false });
  const count = repositories.length;
  if (!flags.plan && !flags.yes && count > ASK_OVER) {
    const what = `${action === 'tag' ? 'Write' : 'Remove'} ${targetText(target)} in ${count} repositories`;
    if (!(await confirmed(what))) throw new TagsError(`${what}? Add --yes, or --plan to see first what would change.`);
  }
  const { outcomes, stopped } = await tagAll(tags, repositories, { target, action, plan: flags.plan, pauseMs });
  const result: TagResult = { action, tag, target, plan: flags.plan, archived, outcomes, stopped };
  printTagged(result, flags);
  return stopped !== null || outcomes.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}

interface Run {
  target: TagTarget;
  action: TagAction;
  plan: boolean;
  pauseMs: number;
}

/** One after another, as GitHub asks who writes much; one's failure stops no other, a limit or a bad token all. */
async function tagAll(
  tags: RepositoryTags,
  repositories: readonly Chosen[],
  run: Run,
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
  { action, plan, define, turn }: Run & { define: Define; turn: () => Promise<void> },
): Promise<TagOutcome> {
  const failed = (detail: string): TagOutcome => ({ repository: fullName, outcome: 'failed', change: '', detail });
  let defined: DefinedTag | null = null;
  try {
    const found = plan && listed !== null ? listed : await tags.repository(fullName);
    const definition = await define(found.fullName);
    if (!definition.ok) return failed(definition.problem);
    defined = definition.tag;
    if (plan) return planTag(tags, found, defined, action);
    return await tagRepository(tags, found, { tag: defined, action, turn });
  } catch (error) {
    if (!(error instanceof GitHubError) || endsAll(error)) throw error;
    return failed(defined === null ? readRefusal(error, fullName) : writeRefusal(error, defined));
  }
}

/** A limit, and a token that GitHub does not know. */
const endsAll = ({ kind, status }: GitHubError): boolean => kind === 'limited' || status === 401;

/** What an organization defines is asked once; a topic needs no definition. */
function definer(tags: RepositoryTags, { target, action }: Run): Define {
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
