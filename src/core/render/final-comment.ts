/** The one comment at the end: who follows the issue gets one notification, with what matters in it. */
import { FAILURES } from '../failures.ts';
import { addSpent } from '../spent.ts';
import { isPublishable } from '../status.ts';
import { duration, repositories } from './amounts.ts';
import { costSentence } from './costs.ts';
import { repositoryLink } from './links.ts';
import { FLEET_WORDS, failureTitle, isFailed, summary } from './outcome-words.ts';
import type { TrackingIssueFacts } from './views.ts';

const LISTED = 20;

export function renderFinalComment(facts: TrackingIssueFacts): string {
  return [verdict(facts), failures(facts), prepared(facts), closingWord(facts)]
    .filter((part) => part !== '')
    .join('\n\n');
}

function verdict({ fleet, status, tasks, spent }: TrackingIssueFacts): string {
  const { sign, word } = FLEET_WORDS[status];
  if (fleet.approvedAt === null) {
    return `${sign} **${word}.** The plan for ${repositories(tasks.length)} was not run; nothing was changed.`;
  }
  const cost = costSentence(addSpent(spent.values()));
  const took = fleet.endedAt === null ? '' : ` in ${duration(fleet.endedAt - fleet.approvedAt)}`;
  return `${sign} **${word}**${took}: ${summary(tasks)}.${cost === '' ? '' : ` Cost: ${cost}.`}`;
}

function failures({ tasks, webUrl }: TrackingIssueFacts): string {
  const failed = tasks.filter(isFailed);
  const lines = failed
    .slice(0, LISTED)
    .map((task) => `- ${repositoryLink(task.repository, webUrl)}: ${failureTitle(task)}. ${remedy(task.category)}`);
  if (failed.length > LISTED) lines.push(`- … and ${failed.length - LISTED} more, listed above.`);
  return lines.join('\n');
}

function remedy(category: TrackingIssueFacts['tasks'][number]['category']): string {
  return category === null ? '' : FAILURES[category].remedy;
}

function prepared({ tasks, supersededBy }: TrackingIssueFacts): string {
  const count = tasks.filter(isPublishable).length;
  if (count === 0 || supersededBy !== null) return '';
  return `Nothing was pushed in ${repositories(count)}: the diffs stand above. \`/fleet publish\` on this issue opens their pull requests, and with a glob behind it some of them.`;
}

function closingWord({ status }: TrackingIssueFacts): string {
  switch (status) {
    case 'partial':
    case 'failed':
      return 'The reasons are above. Once they are mended, `/fleet retry` on this issue tries those again. This issue stays open until somebody closes it.';
    case 'cancelled':
      return 'Pull requests that were already open stay as they are.';
    case 'completed':
    case 'planned':
    case 'running':
    case 'waiting':
      return '';
  }
}
