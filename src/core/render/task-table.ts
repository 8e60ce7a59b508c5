import { duration } from './amounts.ts';
import { costOf, costText } from './costs.ts';
import { pullRequestLink, repositoryLink } from './links.ts';
import { outcomeCell } from './outcome-words.ts';
import type { Section } from './page-layout.ts';
import type { TaskView, TrackingIssueFacts } from './views.ts';

/** Repository, outcome, pull request, time, cost: one line a task, in the plan's order. */
export function taskTable(facts: TrackingIssueFacts): Section {
  if (facts.status === 'planned') return plannedTable(facts);
  return {
    title: 'Repositories',
    head: '| Repository | Outcome | Pull request | Time | Cost |\n| --- | --- | --- | ---: | ---: |',
    lines: facts.tasks.map((task) => taskLine(task, facts)),
  };
}

function taskLine(task: TaskView, { nodes, webUrl }: TrackingIssueFacts): string {
  const { pullRequest, startedAt, endedAt } = task;
  const cells = [
    repositoryLink(task.repository, webUrl),
    outcomeCell(task),
    pullRequest === null ? '' : pullRequestLink(pullRequest),
    startedAt === null || endedAt === null ? '' : duration(endedAt - startedAt),
    costText(costOf(task, nodes.get(task.id) ?? [])),
  ];
  return `| ${cells.join(' | ')} |`;
}

function plannedTable({ fleet, webUrl }: TrackingIssueFacts): Section {
  return {
    title: 'Repositories',
    head: '| | Repository | Visibility |\n| ---: | --- | --- |',
    lines: fleet.plan.targets.map(
      (target, index) => `| ${index + 1} | ${repositoryLink(target.repository, webUrl)} | ${target.visibility} |`,
    ),
  };
}
