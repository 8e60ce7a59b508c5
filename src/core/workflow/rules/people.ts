import type { Path } from '../read/places.ts';
import type { Finding, Rule } from './finding.ts';

/** Reviewers are logins and `team:slug`, assignees logins: GitHub would answer anything else with a 422. */
export const people: Rule = ({ pullRequest: { reviewers, assignees } }) => [
  ...reviewers.flatMap((one, index) =>
    check(one, /^(?:team:[\w.-]{1,100}|[A-Za-z0-9][\w-]{0,99})$/, ['reviewers', index]),
  ),
  ...assignees.flatMap((one, index) => check(one, /^[A-Za-z0-9][\w-]{0,99}$/, ['assignees', index])),
];

function check(name: string, shape: RegExp, path: Path): Finding[] {
  if (shape.test(name)) return [];
  const message = `\`${name.slice(0, 80)}\` is no login.`;
  const hint = path[0] === 'reviewers' ? 'Write octocat (without @) or team:platform.' : 'Write octocat (without @).';
  return [{ path: ['pull_request', ...path], code: 'person', message, hint }];
}
