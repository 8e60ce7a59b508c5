/** What is no failure and yet worth knowing: warnings, and who was left out and why. */
import type { LeftOutReason } from '../plan.ts';
import { plural } from './amounts.ts';
import { repositoryLink } from './links.ts';
import type { Section } from './page-layout.ts';
import { safeProse, safeProseCell } from './safe-text.ts';
import type { TrackingIssueFacts } from './views.ts';

const LEFT_OUT_WORDS: Record<LeftOutReason, string> = {
  archived: 'archived',
  disabled: 'disabled',
  empty: 'empty',
  fork: 'a fork',
  ignored: 'asks to be ignored',
  no_permission: 'no permission',
  not_installed: 'not installed',
  excluded: 'excluded',
  no_longer_selected: 'no longer selected',
};

/** Empty without warnings; at most `limit` UTF-16 units. */
export function warningSection({ tasks, webUrl }: TrackingIssueFacts, limit: number): string {
  const warnings = tasks.flatMap(({ repository, warnings }) => warnings.map((warning) => ({ repository, warning })));
  if (warnings.length === 0) return '';
  let text = '### Warnings\n';
  for (const [index, { repository, warning }] of warnings.entries()) {
    const line = `- ${repositoryLink(repository, webUrl)}: ${safeProse(warning, 300)}`;
    const more = `\n- ${plural(warnings.length - index, 'more warning', 'more warnings')}.`;
    if (text.length + line.length + more.length + 1 > limit) return text + more;
    text += `\n${line}`;
  }
  return text;
}

export function leftOutTable({ fleet, webUrl }: TrackingIssueFacts): Section {
  const lines = fleet.plan.leftOut.map(
    ({ repository, reason, detail }) =>
      `| ${repositoryLink(repository, webUrl)} | ${LEFT_OUT_WORDS[reason]} | ${safeProseCell(detail, 200)} |`,
  );
  return {
    title: 'Left out',
    head: '| Repository | Reason | Detail |\n| --- | --- | --- |',
    lines,
    longest: lines.reduce((max, line) => Math.max(max, line.length), 0),
  };
}
