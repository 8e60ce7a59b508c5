import { expect, test } from 'vitest';
import { parseSeed } from '../../src/local-github/seed/seed.ts';
import { buildSeed, controlName, type SeedFacts } from '../../src/rehearse/build-seed.ts';
import { parseRehearseFile } from '../../src/rehearse/rehearse-file.ts';

const found = (name: string) => ({ name, path: `/services/${name}`, uncommitted: false });
const facts = (change: Partial<SeedFacts> = {}): SeedFacts => ({
  organization: 'acme',
  sender: 'mona',
  control: 'platform',
  repositories: [found('api'), found('worker')],
  file: parseRehearseFile(''),
  tagRules: [],
  workflow: { name: 'bump', text: null },
  beside: {},
  app: { webhookUrl: 'http://127.0.0.1:1/api/github/webhooks' },
  ...change,
});

const repositoriesOf = (change?: Partial<SeedFacts>) =>
  new Map(parseSeed(buildSeed(facts(change))).organizations[0]?.repositories.map((one) => [one.name, one]));

test('every repository is a copy of the one found, where the sender may push', () => {
  const repositories = repositoriesOf();
  expect([...repositories.keys()]).toEqual(['platform', 'api', 'worker']);
  expect(repositories.get('api')).toMatchObject({
    from: '/services/api',
    visibility: 'private',
    topics: [],
    archived: false,
    fork: false,
    collaborators: { mona: 'write' },
  });
});

test('the control repository has the issue for commands and, if there is one, the workflow file', () => {
  const without = repositoriesOf().get('platform');
  expect(without).toMatchObject({ collaborators: { mona: 'admin' }, issues: [{ title: 'Maintenance', user: 'mona' }] });
  expect(Object.keys(without?.files ?? {})).toEqual(['README.md']);
  const text = 'name: bump\n';
  expect(repositoriesOf({ workflow: { name: 'bump', text } }).get('platform')?.files).toMatchObject({
    '.github/fleet/bump.yml': text,
  });
});

test('what the file beside the repositories says of one, and the --tag rules, hold', () => {
  const file = parseRehearseFile(`
repositories:
  api: { topics: [platform-my-app], custom_properties: { tier: gold }, visibility: public, permission: none }
  worker: { archived: true, fork: true, permission: read }
`);
  const repositories = repositoriesOf({ file, tagRules: ['*=platform:my-app', 'api=extra'] });
  expect(repositories.get('api')).toMatchObject({
    topics: ['platform-my-app', 'extra'],
    custom_properties: { tier: 'gold' },
    visibility: 'public',
    collaborators: {},
  });
  expect(repositories.get('worker')).toMatchObject({ archived: true, fork: true, collaborators: { mona: 'read' } });
});

test('the control repository gets a name that no repository has', () => {
  expect(controlName(['api'])).toBe('platform');
  expect(controlName(['api', 'Platform'])).toBe('fleet-platform');
  expect(controlName(['fleet-platform', 'platform'])).toBe('fleet-fleet-platform');
});

test('what the workflow names beside it lies in the same folder', () => {
  const control = repositoriesOf({ workflow: { name: 'bump', text: 'name: bump' }, beside: { 'run/x.mjs': '1' } });
  expect(control.get('platform')?.files).toMatchObject({
    '.github/fleet/bump.yml': 'name: bump',
    '.github/fleet/run/x.mjs': '1',
  });
});
