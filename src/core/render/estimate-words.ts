/** What a plan's agents may come to, for people. Nobody can tell before what they will cost. */
import type { AgentEstimate } from '../agent-estimate.ts';
import { limitOf } from '../budget.ts';
import { dollars, plural } from './amounts.ts';

/** `up to 24 sessions, 3 in each repository; all together at most $25 by `limits.budget_usd`` */
export function estimateText({ sessions, sessionsEach, mostUsd, mostBy }: AgentEstimate): string {
  const each = sessions === sessionsEach ? '' : `, ${sessionsEach} in each repository`;
  const most =
    mostUsd === null
      ? 'no budget bounds what they cost'
      : `all together at most ${limitOf({ limitUsd: mostUsd })}, by ${mostBy}`;
  return `up to ${plural(sessions, 'session', 'sessions')}${each}; ${most}`;
}

/** From earlier runs; a sentence. */
export function expectedText({ earlier, sessions, sessionsEach }: AgentEstimate): string {
  if (earlier === null) return 'What they will cost is not known before.';
  const { tasks, eachUsd } = earlier;
  const here = dollars((eachUsd * sessions) / sessionsEach);
  const runs = plural(tasks, 'earlier run', 'earlier runs');
  return `By the ${runs} that told costs, they may come to about ${here}.`;
}

/** What is to be known before anything runs; sentences. */
export function estimateWarnings(estimate: AgentEstimate, login: string): string[] {
  const { worstUsd, mostUsd, leftUsd } = estimate;
  const worst = limitOf({ limitUsd: worstUsd });
  const most = mostUsd ?? worstUsd;
  return [
    ...(mostUsd !== null && worstUsd > mostUsd
      ? [
          `Agents that do not tell what they cost count for ${worst}, more than that: what comes after it is used up fails.`,
        ]
      : []),
    ...(leftUsd !== null
      ? [
          `${login} had ${limitOf({ limitUsd: leftUsd })} left of what the operator allows a person in 24 hours${
            Math.max(most, worstUsd) > leftUsd ? ', and they may come to more: what comes after it fails' : ''
          }.`,
        ]
      : []),
  ];
}
