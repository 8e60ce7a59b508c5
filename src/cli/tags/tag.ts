import type { TagAction } from '../../core/selection/change-tag.ts';
import { type TagTarget, targetText, writableTag } from '../../core/selection/writable-tag.ts';
import { changeTags } from './change-tags.ts';
import { type ChoiceFlags, chooseRepositories } from './choose-repositories.ts';
import { confirmed } from './confirmed.ts';
import { openTags } from './open-tags.ts';
import { printTagged } from './tag-output.ts';
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

/** `fleet tag` and `fleet untag`. Exit status: 0; 1 when anything was refused or failed, which is told. */
export async function runTag(
  action: TagAction,
  tag: string,
  names: readonly string[],
  flags: TagFlags,
): Promise<number> {
  const target = targetOf(tag, flags);
  const tags = await openTags();
  const { repositories, archived } = await chooseRepositories(tags, names, flags, { all: false });
  const count = repositories.length;
  if (!flags.plan && !flags.yes && count > ASK_OVER) {
    const what = `${action === 'tag' ? 'Write' : 'Remove'} ${targetText(target)} in ${count} repositories`;
    if (!(await confirmed(what))) throw new TagsError(`${what}? Add --yes, or --plan to see first what would change.`);
  }
  const run = { tag, target, action, plan: flags.plan, pauseMs: PAUSE_MS };
  const changed = await changeTags(tags, repositories, run);
  printTagged({ ...run, archived, ...changed }, flags);
  return changed.stopped !== null || changed.outcomes.some(({ outcome }) => outcome === 'failed') ? 1 : 0;
}

function targetOf(tag: string, flags: TagFlags): TagTarget {
  const writable = writableTag(tag, flags);
  if (writable.ok) return writable.target;
  throw new TagsError(`${writable.problem}. ${writable.remedy}`);
}
