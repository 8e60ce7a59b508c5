import { cleanLines } from '../../core/render/terminal-text.ts';
import type { TagAction } from '../../core/selection/change-tag.ts';
import { type TagTarget, targetText } from '../../core/selection/writable-tag.ts';
import { printTable } from '../table.ts';
import type { TagOutcome } from './tag-repository.ts';

export interface TagResult {
  action: TagAction;
  tag: string;
  target: TagTarget;
  plan: boolean;
  /** How many of the organization were left out for it. */
  archived: number;
  outcomes: readonly TagOutcome[];
  /** Before the end: GitHub's limit, or a token that it does not know. */
  stopped: { reason: string; retryAt: number | null } | null;
}

/** The outcomes on standard output, everything else on standard error. */
export function printTagged(result: TagResult, { json }: { json: boolean }): void {
  if (json) process.stdout.write(`${JSON.stringify(jsonOf(result))}\n`);
  else {
    printTable(result.outcomes, [
      { title: 'repository', of: ({ repository }) => repository, whole: true },
      { title: 'outcome', of: ({ outcome }) => outcome.replace('_', ' ') },
      { title: 'change', of: ({ change }) => change },
      { title: 'detail', of: ({ detail }) => detail, whole: true },
    ]);
  }
  process.stderr.write(`${summaryLines(result).map(cleanLines).join('\n')}\n`);
}

function summaryLines({ target, plan, archived, outcomes, stopped }: TagResult): string[] {
  const counts = countsOf(outcomes).map(([outcome, count]) => `${count} ${outcome.replace('_', ' ')}`);
  return [
    `${targetText(target)}: ${counts.join(', ') || 'no repository matches'}.`,
    ...(archived > 0 ? [`${archived} archived are left out.`] : []),
    ...(plan ? ['Nothing was changed, as --plan says.'] : []),
    ...(stopped === null ? [] : [stoppedText(stopped)]),
  ];
}

function stoppedText({ reason, retryAt }: NonNullable<TagResult['stopped']>): string {
  if (retryAt === null) return `Stopped: ${reason}. Is the token yours and still valid? \`gh auth status\` says it.`;
  const at = new Date(retryAt).toISOString();
  return `Stopped: ${reason}. Run the same command again after ${at}: what is done stays, and is not done twice.`;
}

function countsOf(outcomes: readonly TagOutcome[]): [string, number][] {
  return [...Map.groupBy(outcomes, ({ outcome }) => outcome)].map(([outcome, all]) => [outcome, all.length]);
}

function jsonOf({ action, tag, target, plan, archived, outcomes, stopped }: TagResult): object {
  return {
    action,
    tag,
    ...(target.kind === 'topic' ? { topic: target.topic } : { property: target.name, value: target.value }),
    plan,
    archived_left_out: archived,
    repositories: outcomes,
    stopped: stopped === null ? null : { reason: stopped.reason, retry_at: stopped.retryAt },
  };
}
