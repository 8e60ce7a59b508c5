import type { Seed } from './seed/seed.ts';

const workflow = `name: set-version
description: Write a version into every service of the platform
inputs:
  version: { required: true, description: "Target version", pattern: '^\\d+(\\.\\d+)*$' }
services:
  - tag: platform:my-app
pull_request:
  title: "Set the version to {{version}}"
nodes:
  - id: write
    bash: printf '%s\\n' "$INPUTS_VERSION" > VERSION
`;

const service = (name: string) => ({
  name,
  topics: ['platform-my-app'],
  collaborators: { octocat: 'write' as const },
  files: { 'README.md': `# ${name}\n`, VERSION: '1.0\n' },
});

/** What a person finds who starts it without a seed: somebody, a control repository, and two services to work on. */
export const smallWorld: Seed = {
  app: { id: 1, slug: 'flotilla', webhook_url: 'http://127.0.0.1:3000/api/github/webhooks' },
  users: [{ login: 'octocat' }],
  organizations: [
    {
      login: 'acme',
      members: ['octocat'],
      repositories: [
        {
          name: 'platform',
          collaborators: { octocat: 'admin' },
          files: { 'README.md': '# platform\n', '.github/fleet/set-version.yml': workflow },
          issues: [{ title: 'Maintenance', body: 'Commands to the fleet are given here.', user: 'octocat' }],
        },
        service('service-api'),
        service('service-worker'),
      ],
    },
  ],
};

/** What does something in the small world. */
export const smallWorldCommand = '/fleet set-version version=2.0';
