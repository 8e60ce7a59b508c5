import fc from 'fast-check';
import type { Repository } from '../../src/core/plan.ts';
import { hostileText } from './arbitraries.ts';

/** Names as GitHub gives them, and others. */
export const names: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('acme/api', 'api', 'ACME/Api', 'acme/', '/api', 'acme/api/x', 'acme/fork', 'acme/old'),
  hostileText,
);

/** Made of what globs are made of: many are taken, and many are as slow as a glob can be. */
export const globs: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .array(
        fc.constantFrom(
          '*',
          '*',
          '**',
          '?',
          'a',
          'a',
          'b',
          '-',
          '.',
          '/',
          '[a-z]',
          '[!a]',
          '[^',
          ']',
          '{a,b}',
          '{*a,',
          '}',
          ',',
          '!',
        ),
        { maxLength: 9 },
      )
      .map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: hostileText },
);

const flag = fc.integer({ min: 0, max: 9 }).map((number) => number === 0);

export const hostileRepository: fc.Arbitrary<Repository> = fc
  .record({
    id: fc.integer({ min: 1, max: 6 }),
    fullName: fc.oneof(
      fc.constantFrom('acme/api', 'acme/fork', 'acme/old'),
      hostileText.map((name) => `acme/${name}`),
    ),
    visibility: fc.constantFrom<Repository['visibility'][]>('public', 'internal', 'private'),
    archived: flag,
    disabled: flag,
    fork: flag,
    topics: fc.array(hostileText, { maxLength: 2 }),
    customProperties: fc.dictionary(hostileText, fc.oneof(hostileText, fc.array(hostileText, { maxLength: 2 })), {
      maxKeys: 2,
    }),
  })
  .map((given) => ({
    ...given,
    ownerLogin: 'acme',
    name: given.fullName.slice('acme/'.length),
    hasIssues: true,
    defaultBranch: 'main',
  }));
