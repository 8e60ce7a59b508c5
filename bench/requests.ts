import type { RequestSeen } from '../test/github/start-github.ts';
import type { Benchmark, Figure } from './benchmark.ts';
import { openWorld } from './world/open-world.ts';
import { organization, serviceName, settingsFor } from './world/organization.ts';

const REPOSITORIES = 100;
const SMALL = 20;
const PARALLEL = 8;

/** What the requests of a fleet are for, and which of GitHub's limits they fall under. */
type Kind = 'git' | 'tokens' | 'graphql' | 'pull requests' | 'issues' | 'comments' | 'edits' | 'rest';

const KINDS: Readonly<Record<string, Kind>> = {
  'POST /app/installations/{installation_id}/access_tokens': 'tokens',
  'POST /graphql': 'graphql',
  'POST /repos/{owner}/{repo}/pulls': 'pull requests',
  'PATCH /repos/{owner}/{repo}/pulls/{pull_number}': 'pull requests',
  'POST /repos/{owner}/{repo}/issues': 'issues',
  'PATCH /repos/{owner}/{repo}/issues/{issue_number}': 'edits',
  'POST /repos/{owner}/{repo}/issues/{issue_number}/comments': 'comments',
  'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}': 'edits',
};

const kindOf = ({ route }: RequestSeen): Kind => KINDS[route] ?? (/^\S+ git-/.test(route) ? 'git' : 'rest');

/** What a fleet asks of GitHub, whose limits are shared with everything else that an organization runs. */
export const requests: Benchmark = {
  name: 'requests',
  about: ({ small }) =>
    `what a fleet asks of GitHub for each of ${small ? SMALL : REPOSITORIES} repositories, and in a fleet over one`,
  async run({ small }) {
    const repositories = small ? SMALL : REPOSITORIES;
    const world = await openWorld({
      seed: organization({ repositories, files: 10 }),
      settings: settingsFor(PARALLEL),
    });
    try {
      const alone = counted((await world.run(`/fleet bench version=1 --repo ${serviceName(0)}`)).requests);
      const all = counted((await world.run('/fleet bench version=2')).requests);
      const each = (kind: Kind) => all[kind] / repositories;
      const figures: Figure[] = [
        { name: 'pull requests made, each', value: each('pull requests'), unit: 'requests' },
        { name: 'all else, each', value: others(all) / repositories, unit: 'requests' },
        { name: 'without edits of issues, each', value: (others(all) - all.edits) / repositories, unit: 'requests' },
        { name: 'of that REST, each', value: each('rest'), unit: 'requests' },
        { name: 'of that GraphQL, each', value: each('graphql'), unit: 'requests' },
        { name: 'all else, in a fleet over one', value: others(alone), unit: 'requests' },
        { name: 'tracking issues', value: all.issues, unit: 'requests' },
        { name: 'comments', value: all.comments, unit: 'requests' },
        { name: 'edits of issues', value: all.edits, unit: 'edits' },
        { name: 'tokens, each', value: each('tokens'), unit: 'requests' },
        { name: 'git, each', value: each('git'), unit: 'requests' },
      ];
      return {
        measured: true,
        repetitions: 1,
        figures,
        targets: [
          { figure: 'pull requests made, each', atMost: 1, counted: true },
          { figure: 'pull requests made, each', atLeast: 1, counted: true },
          { figure: 'all else, each', atMost: 2, ...(small ? {} : { counted: true }) },
          { figure: 'without edits of issues, each', atMost: small ? 1.7 : 1.2, counted: true },
          { figure: 'tracking issues', atMost: 1, counted: true },
          // The reply, the comment at the end, and from 100 rows on a second page of the table.
          { figure: 'comments', atMost: small ? 2 : 3, counted: true },
        ],
      };
    } finally {
      await world.close();
    }
  },
};

/** REST and GraphQL, the tracking issue and its edits among them, whose number depends on how long a fleet takes. */
const others = (count: Readonly<Record<Kind, number>>): number =>
  count.rest + count.graphql + count.issues + count.comments + count.edits;

function counted(asked: readonly RequestSeen[]): Record<Kind, number> {
  const count = { git: 0, tokens: 0, graphql: 0, 'pull requests': 0, issues: 0, comments: 0, edits: 0, rest: 0 };
  for (const request of asked) count[kindOf(request)] += 1;
  return count;
}
