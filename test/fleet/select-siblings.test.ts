import { describe, expect, it } from 'vitest';
import type { Repository } from '../../src/core/plan.ts';
import type { ServiceEntry } from '../../src/core/workflow/types.ts';
import { selectSiblings } from '../../src/fleet/select-siblings.ts';
import type { GitHubReads, TargetFacts } from '../../src/ports/github-reads.ts';
import { sampleRepository } from '../core/sample-repository.ts';

const NOTHING = { tag: [], names: [], match: [] };
const globs = (...match: string[]): ServiceEntry => ({ ...NOTHING, match, not: NOTHING });
const names = (...list: string[]): ServiceEntry => ({ ...NOTHING, names: list, not: NOTHING });

const repository = (name: string, id: number, change: Partial<Repository> = {}): Repository =>
  sampleRepository(`acme/${name}`, id, change);

/** Of an organization with these repositories, in which lisa has the permissions of `facts`, and else `read`. */
function select(
  all: readonly Repository[],
  siblings: readonly ServiceEntry[],
  facts: Record<number, Partial<TargetFacts>> = {},
) {
  const reads: Pick<GitHubReads, 'repositories' | 'targetFacts'> = {
    repositories: async () => [...all],
    targetFacts: async (asked) =>
      new Map(asked.map(({ id }) => [id, { permission: 'read', empty: false, ...facts[id] } as const])),
  };
  return selectSiblings(reads, { siblings }, { control: { ownerLogin: 'acme' }, runAs: { id: 5, login: 'lisa' } });
}

const refused = async (selected: ReturnType<typeof select>) =>
  selected.then(
    () => 'nothing',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

describe('the siblings of a plan', () => {
  it('are those of any entry, each once, by name, archived ones too', async () => {
    const all = [repository('lib-b', 1), repository('lib-a', 2, { archived: true }), repository('api', 3)];
    expect(await select(all, [globs('lib-*'), names('api', 'acme/lib-a')])).toEqual([
      { repositoryId: 3, repository: 'acme/api' },
      { repositoryId: 2, repository: 'acme/lib-a' },
      { repositoryId: 1, repository: 'acme/lib-b' },
    ]);
    expect(await select(all, [])).toEqual([]);
  });

  it('are only what the person can read, and what has something to read', async () => {
    const all = ['a', 'b', 'c', 'd', 'e'].map((name, index) => repository(name, index + 1));
    const facts = { 1: { permission: null }, 2: { permission: 'none' }, 3: { empty: true } } as const;
    const selected = await select([...all, repository('f', 6, { disabled: true })], [globs('*')], facts);
    expect(selected.map(({ repositoryId }) => repositoryId)).toEqual([4, 5]);
  });

  it('are refused where an entry selects nothing, or all together too many', async () => {
    const all = Array.from({ length: 21 }, (_, index) => repository(`lib-${index}`, index + 1));
    expect(await refused(select(all, [globs('lib-*')]))).toContain('`siblings:` selects 21 repositories');
    expect(await refused(select(all, [names('lib-1'), globs('nothing-*')]))).toContain(
      'In `siblings:`, entry 2 (`match: nothing-*`) matches no repository',
    );
    expect(await refused(select(all, [names('typo'), globs('nothing-*')]))).toContain(
      'entry 1 (`names: typo`), entry 2 (`match: nothing-*`) match no repository',
    );
  });
});
