/** The organization in which the fleets run, its workflows, and the app's settings. */
import type { Seed } from '../../src/local-github/seed/seed.ts';
import { workflowFiles } from '../story/workflows.ts';
import type { Scenario } from './scenarios.ts';

const NAMES = Array.from({ length: 10 }, (_, index) => `service-${index}`);
/** Their long names fill the tracking issue's first page, so that there are further ones. */
const FAR_NAMES = Array.from({ length: 60 }, (_, index) => `zone-${String(index).padStart(2, '0')}-${'x'.repeat(85)}`);

const workflow = (name: string, pullRequest: string, more = '') => `
name: ${name}
inputs: { version: { required: true } }
services: [{ tag: app }]
parallel: true
pull_request: { ${pullRequest} }
${more}
nodes:
  - id: write
    bash: printf '%s\\n' "$INPUTS_VERSION" > VERSION
  - id: check
    bash: sleep 0.3 && test "$(cat VERSION)" = "$INPUTS_VERSION"
    depends_on: [write]
`;
const PUSH = workflow('push', 'labels: [maintenance], assignees: [mona], reviewers: [rita]');
const API = workflow('api', 'commit: api, labels: [maintenance]');
/** Fails until somebody has written the version into the base. */
const NEEDS_BASE = `${workflow('needs-base', 'labels: [maintenance]')}
  - id: base
    bash: test "$(cat BASE)" = "$INPUTS_VERSION"
    depends_on: [check]
`;
/** Its first node is written down as it asks, the next one by how long it takes: what the last one began is to be undone. */
const ASKS = `
name: asks
inputs: { version: { required: true } }
services: [{ tag: app }]
parallel: true
pull_request: { labels: [maintenance] }
nodes:
  - { id: write, bash: 'printf %s "$INPUTS_VERSION" > VERSION' }
  - { id: ask, approval: { message: 'Go on?' }, depends_on: [write] }
  - { id: work, bash: sleep 1.1, depends_on: [ask] }
  - { id: finish, bash: echo >> VERSION && sleep 0.5, depends_on: [work] }
`;
const PAGES = workflow(
  'pages',
  'labels: [maintenance]',
  'rollout: { canary: 10, waves: [100%], approve: canary }',
).replace('[{ tag: app }]', '[{ tag: app }, { tag: far }]');

/** Every repository, by the topic that selects it. */
export const REPOSITORIES: Readonly<Record<string, readonly string[]>> = { app: NAMES, far: FAR_NAMES };

export function seedFor(scenarios: readonly Scenario[], webhookUrl: string): Seed {
  const topics = new Set(scenarios.flatMap(({ outcomes }) => Object.keys(outcomes)));
  const repositories = Object.entries(REPOSITORIES).flatMap(([topic, names]) =>
    topics.has(topic) ? names.map((name) => ({ name, topics: [topic] })) : [],
  );
  return {
    app: { id: 1, slug: 'flotilla', webhook_url: webhookUrl },
    users: [{ login: 'mona' }, { login: 'rita' }],
    organizations: [
      {
        login: 'acme',
        members: ['mona', 'rita'],
        repositories: [
          {
            name: 'platform',
            files: workflowFiles({ push: PUSH, api: API, pages: PAGES, 'needs-base': NEEDS_BASE, asks: ASKS }),
            collaborators: { mona: 'admin' },
            issues: [{ title: 'Maintenance', user: 'mona' }],
          },
          ...repositories.map((repository) => ({
            ...repository,
            files: { VERSION: '0\n' },
            collaborators: { mona: 'write' as const, rita: 'write' as const },
          })),
        ],
      },
    ],
    limits: {
      core: 1_000_000,
      graphql: 1_000_000,
      content_per_minute: 1_000_000,
      content_per_hour: 1_000_000,
      points_per_minute: 1_000_000,
    },
  };
}

/** The app's settings: waits are shorter, and none is left out. */
export const SETTINGS = `
sandbox: optional
confirm_over: 1000
caps: { system: 4, per_user: 4 }
content_budget: { per_minute: 1000000, per_hour: 1000000 }
journal_after: 1s
effects: { unanswered_wait: 1s, between_looks: 1s, request_timeout: 15s }
`;
