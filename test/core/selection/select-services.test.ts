import { describe, expect, test } from 'vitest';
import type { Repository } from '../../../src/core/plan.ts';
import { leaveOut } from '../../../src/core/selection/leave-out.ts';
import { type SelectionRequest, selectServices } from '../../../src/core/selection/select-services.ts';
import { withinDispatcher } from '../../../src/core/selection/within-dispatcher.ts';
import type { ServiceEntry } from '../../../src/core/workflow/types.ts';
import { sampleRepository } from '../sample-repository.ts';

let nextId = 0;

const repository = (fullName: string, facts: Partial<Repository> = {}): Repository =>
  sampleRepository(fullName, ++nextId, facts);

const tagged = { topics: ['platform-my-app'] };
const platform = repository('acme/platform');
const installation = [
  platform,
  repository('acme/service-web', { topics: ['platform-my-app', 'language-ts'] }),
  repository('acme/Service-API', { customProperties: { Platform: 'My-App', team: ['backend', 'core'] } }),
  repository('acme/service-old', { ...tagged, archived: true }),
  repository('acme/service-off', { ...tagged, disabled: true }),
  repository('acme/service-fork', { ...tagged, fork: true }),
  repository('acme/service-quiet', { topics: ['platform-my-app', 'Fleet-Ignore'] }),
  repository('acme/docs', { topics: ['docs'], customProperties: { frozen: 'true', legacy: 'false' } }),
  repository('acme/.github'),
  repository('other/service-web'),
];

type Written = Partial<Omit<ServiceEntry, 'not'>> & { not?: Partial<ServiceEntry['not']> };

const entry = ({ not, ...keys }: Written): ServiceEntry => ({
  tag: [],
  names: [],
  match: [],
  ...keys,
  not: { tag: [], names: [], match: [], ...not },
});

interface Given {
  services?: readonly Written[] | 'any' | null;
  exclude?: readonly string[];
  flags?: Partial<SelectionRequest['flags']>;
  repositories?: readonly Repository[];
  control?: Repository;
}

function select({ services = null, exclude = [], flags = {}, repositories = installation, control = platform }: Given) {
  const entries = services === null || services === 'any' ? services : services.map(entry);
  const selection = selectServices({
    workflow: { services: entries, exclude },
    flags: { tag: [], match: [], repo: [], exclude: [], ...flags },
    repositories,
    controlRepository: control,
  });
  return {
    chosen: selection.candidates.map(({ fullName }) => fullName.replace('acme/', '')),
    leftOut: selection.leftOut.map(({ repository: name, reason }) => `${name.replace('acme/', '')}: ${reason}`),
    faults: selection.faults,
  };
}

const chosen = (...names: string[]) => expect.objectContaining({ chosen: names, faults: [] });

describe('entries', () => {
  const left = ['service-fork: fork', 'service-off: disabled', 'service-old: archived', 'service-quiet: ignored'];

  test('a tag with a colon is a topic or a custom property, and what cannot take part is left out with the reason', () => {
    expect(select({ services: [{ tag: ['platform:my-app'] }] })).toEqual({
      chosen: ['Service-API', 'service-web'],
      leftOut: left,
      faults: [],
    });
  });

  test.each<[string, Written, string[]]>([
    ['topic: looks at topics alone', { tag: ['topic:platform:my-app'] }, ['service-web']],
    ['topic: takes the slug as well', { tag: ['topic:Platform-My-App'] }, ['service-web']],
    ['property: looks at properties alone', { tag: ['property:platform:my-app'] }, ['Service-API']],
    ['a multi-select property contains the value', { tag: ['team:core'] }, ['Service-API']],
    ['all tags of a list have to be there', { tag: ['platform:my-app', 'language:ts'] }, ['service-web']],
    ['a tag without colon is a topic', { tag: ['DOCS'] }, ['docs']],
    ['a tag without colon is a true property', { tag: ['frozen'] }, ['docs']],
    [
      'not takes out whatever has any of its tags',
      { tag: ['platform:my-app'], not: { tag: ['x', 'team:core'] } },
      ['service-web'],
    ],
    ['not takes names', { match: ['acme/service-*'], not: { names: ['service-web'] } }, ['Service-API']],
    ['not takes globs', { match: ['acme/service-*'], not: { match: ['*-api'] } }, ['service-web']],
    [
      'names without a slash are of the owner',
      { names: ['service-web', 'ACME/service-api'] },
      ['Service-API', 'service-web'],
    ],
    ['a name of another owner is written out', { names: ['other/service-web'] }, ['other/service-web']],
    ['a fork takes part when it is named', { names: ['service-fork'] }, ['service-fork']],
    ['a glob with a slash is on owner/repo', { match: ['ACME/service-w*'] }, ['service-web']],
    ['a glob without a slash is on the name', { match: ['service-w*'] }, ['service-web', 'other/service-web']],
    ['a glob takes names with a leading dot', { match: ['acme/*github'] }, ['.github']],
    ['globs of a list are alternatives', { match: ['acme/doc?', 'acme/{a,p}latform'] }, ['docs', 'platform']],
    ['keys of one entry are AND', { tag: ['platform:my-app'], match: ['*-web'] }, ['service-web']],
    ['names and tags are AND', { names: ['service-web', 'docs'], tag: ['docs'] }, ['docs']],
  ])('%s', (_, written, names) => {
    expect(select({ services: [written] })).toEqual(chosen(...names));
  });

  test('a property that is false is no tag', () => {
    expect(select({ services: [{ tag: ['legacy'] }] }).faults).toHaveLength(1);
  });

  test('entries are a union, each repository once, in the order of their names', () => {
    const services = [{ names: ['service-web'] }, { tag: ['docs'] }, { match: ['acme/service-web'] }];
    expect(select({ services })).toEqual(chosen('docs', 'service-web'));
  });

  test('a repository that GitHub lists twice is taken once', () => {
    expect(select({ services: [{ tag: ['docs'] }], repositories: [...installation, ...installation] })).toEqual(
      chosen('docs'),
    );
  });

  test('exclude beats every entry, even a name, and says so', () => {
    expect(select({ services: [{ names: ['docs', 'service-web'] }], exclude: ['acme/doc*'] })).toEqual({
      chosen: ['service-web'],
      leftOut: ['docs: excluded'],
      faults: [],
    });
    expect(select({ services: [{ names: ['docs', 'service-web'] }], flags: { exclude: ['SERVICE-*'] } })).toEqual({
      chosen: ['docs'],
      leftOut: ['service-web: excluded'],
      faults: [],
    });
  });

  test('fleet-ignore holds even for a named repository', () => {
    expect(select({ services: [{ names: ['service-quiet', 'docs'] }] })).toEqual({
      chosen: ['docs'],
      leftOut: ['service-quiet: ignored'],
      faults: [],
    });
  });

  test('a tag whose beginning is another tag does not match it', () => {
    expect(select({ services: [{ tag: ['platform:my'] }] }).chosen).toEqual([]);
  });

  test('without services the control repository runs alone, even when it is a fork or not listed', () => {
    expect(select({})).toEqual(chosen('platform'));
    const fork = repository('acme/forked', { fork: true });
    expect(select({ control: fork })).toEqual(chosen('forked'));
  });
});

describe('flags', () => {
  const any = 'any' as const;

  test.each<[string, Partial<SelectionRequest['flags']>, string[]]>([
    ['all tags', { tag: ['platform:my-app', 'language:ts'] }, ['service-web']],
    ['any glob, and the tags', { tag: ['platform:my-app'], match: ['*-web', '*-x'] }, ['service-web']],
    [
      'the names besides the tags',
      { tag: ['docs'], repo: ['service-web', 'platform'] },
      ['docs', 'platform', 'service-web'],
    ],
    ['a named fork', { repo: ['service-fork'] }, ['service-fork']],
    ['all but the excluded', { match: ['acme/service-*'], exclude: ['*-api'] }, ['service-web']],
  ])('with services: any they select %s', (_, flags, names) => {
    expect(select({ services: any, flags })).toEqual(chosen(...names));
  });

  test('with services: any and no flag nothing is selected', () => {
    expect(select({ services: any }).faults).toEqual([expect.stringContaining('Add `--tag`, `--match` or `--repo`')]);
  });

  const services = [{ tag: ['platform:my-app'] }];

  test.each<[string, Partial<SelectionRequest['flags']>, string[]]>([
    ['tags', { tag: ['language:ts'] }, ['service-web']],
    ['globs', { match: ['*-api'] }, ['Service-API']],
    ['names', { repo: ['service-web'] }, ['service-web']],
    ['all kinds at once', { repo: ['service-web', 'service-api'], tag: ['team:core'] }, ['Service-API']],
  ])('else they narrow by %s', (_, flags, names) => {
    expect(select({ services, flags })).toEqual(chosen(...names));
  });

  test('what they narrow away is not listed as left out', () => {
    expect(select({ services, flags: { match: ['*-web'] } }).leftOut).toEqual([]);
  });

  test('a fork that a tag found does not come in by --repo, as flags only narrow', () => {
    expect(select({ services, flags: { repo: ['service-fork', 'service-web'] } }).leftOut).toEqual([
      'service-fork: fork',
    ]);
  });

  test.each<[string, Given, string]>([
    ['--repo outside of the services', { services, flags: { repo: ['docs'] } }, 'is not among the services'],
    ['--repo without services', { flags: { repo: ['docs'] } }, 'is not among the services'],
    ['--repo that does not exist', { services, flags: { repo: ['service-wep'] } }, 'Did you mean `acme/service-web`?'],
    ['--repo that is archived', { services, flags: { repo: ['service-old'] } }, 'named but archived'],
    [
      '--tag that none of the services has',
      { services, flags: { tag: ['docs'] } },
      "none also fits the request's flags",
    ],
  ])('%s is a fault', (_, given, fault) => {
    expect(select(given)).toMatchObject({ chosen: [], faults: [expect.stringContaining(fault)] });
  });
});

describe('faults', () => {
  test.each<[string, Given, string]>([
    [
      'a tag that nothing has',
      { services: [{ tag: ['platform:my-ap'] }, { tag: ['docs'] }] },
      'Entry 1 of `services:` (`tag: platform:my-ap`) matches no repository in which the app is installed. `platform:my-ap` is looked for as the topic `platform-my-ap` or as a custom property. Did you mean the topic `platform-my-app`?',
    ],
    ['an entry that its not empties', { services: [{ tag: ['docs'], not: { names: ['docs'] } }] }, 'Entry 1'],
    ['an entry without any key', { services: [{ tag: ['docs'] }, {}] }, 'Entry 2'],
    ['a glob that matches nothing', { services: [{ match: ['acme/x-*'] }] }, '`match: acme/x-*`'],
    ['a request that matches nothing', { services: 'any', flags: { tag: ['zzz'] } }, 'The request (`tag: zzz`)'],
    [
      'a name that does not exist',
      { services: [{ names: ['nope', 'docs'] }] },
      '`acme/nope` does not exist, or the app is not installed there.',
    ],
    [
      'an archived name',
      { services: [{ names: ['service-old', 'docs'] }] },
      '`acme/service-old` is named but archived',
    ],
    ['a leading !', { services: [{ match: ['!acme/x'] }] }, 'The glob `!acme/x` cannot be used: it starts with `!`'],
    ['a leading ! in not', { services: [{ tag: ['docs'], not: { match: ['!x'] } }] }, 'starts with `!`'],
    ['a leading ! in exclude', { services: [{ tag: ['docs'] }], exclude: ['!x'] }, 'starts with `!`'],
    ['a leading ! in --match', { services: [{ tag: ['docs'] }], flags: { match: ['!x'] } }, 'starts with `!`'],
    ['a repeated group', { services: [{ match: ['+(a|aa)b'] }] }, 'it has a character'],
    ['many stars', { services: [{ match: ['*a*a*a*a*a*b'] }] }, 'more than 4'],
  ])('%s is one', (_, given, fault) => {
    expect(select(given)).toMatchObject({ chosen: [], faults: [expect.stringContaining(fault)] });
  });

  test('an empty result carries the left-out list', () => {
    expect(
      select({ services: [{ match: ['acme/service-o*'] }, { names: ['docs'] }], exclude: ['docs'] }).faults,
    ).toEqual([
      'No repository is left to run in. Left out:\n- `acme/docs`: It is excluded.\n- `acme/service-off`: GitHub has disabled the repository.\n- `acme/service-old`: The repository is archived.',
    ]);
  });

  test('all faults of the entries come at once', () => {
    expect(
      select({ services: [{ names: ['nope'] }, { tag: ['nope'] }, { names: ['service-old'] }] }).faults,
    ).toHaveLength(3);
  });

  test('a public control repository is told neither names nor topics of private ones', () => {
    const open = repository('acme/open', { visibility: 'public' });
    const secret = repository('acme/secret-service', { topics: ['secret-topic'], disabled: true });
    const given = { control: open, repositories: [open, secret] };
    const texts = [
      select({ ...given, services: [{ names: ['secret-servic'] }] }),
      select({ ...given, services: [{ tag: ['secret-topi'] }] }),
      select({ ...given, services: [{ match: ['*-service'] }] }),
    ].flatMap(({ faults }) => faults);
    expect(texts).toHaveLength(3);
    expect(texts.join('\n')).not.toMatch(/secret-service|secret-topic/);
    expect(texts[2]).toContain('- 1 more');
  });
});

test('a dispatcher reaches what carries all tags of its bound, and without one everything', () => {
  const bound = { login: 'github-actions[bot]', within: { tag: ['platform:my-app', 'language:ts'] } };
  const inside = withinDispatcher(bound, installation);
  expect(inside.candidates.map(({ fullName }) => fullName)).toEqual(['acme/service-web']);
  expect(inside.leftOut).toHaveLength(installation.length - 1);
  expect(inside.leftOut[0]).toMatchObject({ reason: 'no_permission', detail: expect.stringContaining(bound.login) });
  expect(withinDispatcher({ ...bound, within: { tag: [] } }, installation).candidates).toEqual(installation);
});

test('a left-out line has the usual sentence for its reason, or a better one', () => {
  expect(leaveOut(platform, 'empty')).toEqual({
    repositoryId: platform.id,
    repository: 'acme/platform',
    reason: 'empty',
    detail: 'The repository has no commit yet.',
  });
  expect(leaveOut(platform, 'no_permission', 'Only read.').detail).toBe('Only read.');
});

test('the most complicated glob that is allowed matches 1,000 long names quickly', () => {
  const long = Array.from({ length: 1000 }, (_, index) => repository(`acme/${'a-'.repeat(45)}${index}`));
  const started = performance.now();
  const result = select({ services: [{ match: ['acme/*a{a-,-}*a{a-,-}x'] }], repositories: long });
  expect(result.faults).toHaveLength(1);
  expect(performance.now() - started).toBeLessThan(5000);
});
