import type { Seed } from '../../src/local-github/seed/seed.ts';

/** What changes one file and nothing else, in the repositories that have its name as their topic. */
const workflow = (name: string): string => `
name: ${name}
inputs: { version: { required: true } }
services: [{ tag: ${name} }]
parallel: true
nodes:
  - id: write
    bash: printf '%s\\n' "$INPUTS_VERSION" > VERSION
`;

/** As a server has it that is not held back: neither by caps of others nor by GitHub's budget, which no floor obeys. */
export const settingsFor = (parallel: number): string => `
confirm_over: 100000
caps: { system: ${parallel}, per_user: ${parallel} }
content_budget: { per_minute: 1000000, per_hour: 1000000 }
`;

export const serviceName = (at: number): string => `service-${String(at).padStart(5, '0')}`;

export const warmUpName = (at: number): string => `warm-up-${String(at).padStart(5, '0')}`;

/**
 * An organization with repositories that carry the topic `bench`, and a control repository with the workflow `bench`.
 * @param options.warmUp further repositories of the same kind, for the workflow `warm-up`
 * @param options.others empty repositories without that topic, evenly among those in the order of creation
 */
export function organization(options: { repositories: number; files: number; warmUp?: number; others?: number }): Seed {
  const files = Object.fromEntries(Array.from({ length: options.files - 1 }, (_, at) => [pathOf(at), textOf(at)]));
  return {
    app: { id: 1, slug: 'flotilla' },
    users: [{ login: 'mona' }],
    organizations: [
      {
        login: 'acme',
        members: ['mona'],
        repositories: [
          {
            name: 'platform',
            files: {
              '.github/fleet/bench.yml': workflow('bench'),
              '.github/fleet/warm-up.yml': workflow('warm-up'),
            },
            collaborators: { mona: 'admin' },
            issues: [{ title: 'Benchmarks', user: 'mona' }],
          },
          ...Array.from({ length: options.repositories }, (_, at) => [
            ...othersBefore(at, options),
            {
              name: serviceName(at),
              topics: ['bench'],
              collaborators: { mona: 'write' as const },
              files: { VERSION: '0\n', ...files },
            },
          ]).flat(),
          ...Array.from({ length: options.warmUp ?? 0 }, (_, at) => ({
            name: warmUpName(at),
            topics: ['warm-up'],
            collaborators: { mona: 'write' as const },
            files: { VERSION: '0\n', ...files },
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

function othersBefore(at: number, { repositories, others = 0 }: { repositories: number; others?: number }) {
  const [from, to] = [at, at + 1].map((each) => Math.round((each * others) / repositories));
  return Array.from({ length: (to ?? 0) - (from ?? 0) }, (_, index) => ({
    name: `other-${String((from ?? 0) + index).padStart(5, '0')}`,
    topics: ['language-typescript', `team-${index % 7}`, 'internal'],
  }));
}

const pathOf = (at: number): string => `src/part-${at % 40}/file-${at}.txt`;
const textOf = (at: number): string => `${`line ${at}\n`.repeat(20)}`;
