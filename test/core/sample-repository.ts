import type { Repository } from '../../src/core/plan.ts';

/** A private repository that nothing keeps from taking part. */
export function sampleRepository(fullName: string, id: number, facts: Partial<Repository> = {}): Repository {
  const [ownerLogin = '', name = ''] = fullName.split('/');
  return {
    id,
    fullName,
    ownerLogin,
    name,
    visibility: 'private',
    archived: false,
    disabled: false,
    fork: false,
    hasIssues: true,
    defaultBranch: 'main',
    topics: [],
    customProperties: {},
    ...facts,
  };
}
