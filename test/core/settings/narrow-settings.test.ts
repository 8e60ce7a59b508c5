import { describe, expect, test } from 'vitest';
import { mayBeControlRepository } from '../../../src/core/settings/may-be-control-repository.ts';
import { narrow } from '../../../src/core/settings/narrow-settings.ts';
import type { Dispatcher, LayerSettings, OperatorShared } from '../../../src/core/settings/types.ts';

const widest: OperatorShared = {
  confirmOver: 25,
  parallel: null,
  agents: null,
  protectedPaths: ['.github/workflows/**'],
  maxFiles: 300,
  maxBytes: 5000,
  maxFleetBudgetUsd: null,
  allowMoreVisibleControlRepository: true,
  approvers: null,
  notSender: false,
  dispatchers: [],
  notify: { mention: null },
};

const silent: LayerSettings = {
  confirmOver: null,
  parallel: null,
  agents: null,
  protectedPaths: null,
  maxFiles: null,
  maxBytes: null,
  maxFleetBudgetUsd: null,
  allowMoreVisibleControlRepository: null,
  approvers: null,
  notSender: null,
  dispatchers: null,
  notify: { mention: null, webhook: null },
};

const layer = (settings: Partial<LayerSettings>): LayerSettings => ({ ...silent, ...settings });

test('without files and with silent files the operator alone decides, visibility aside', () => {
  const notify = { mention: false, webhook: null };
  const expected = { ...widest, allowMoreVisibleControlRepository: false, notify };
  expect(narrow(widest, null, null)).toEqual(expected);
  expect(narrow(widest, silent, silent)).toEqual(expected);
});

test.each(['confirmOver', 'maxFiles', 'maxBytes'] as const)('%s takes the minimum, whichever layer has it', (key) => {
  expect(narrow(widest, layer({ [key]: 7 }), layer({ [key]: 9 }))[key]).toBe(7);
  expect(narrow(widest, layer({ [key]: 9 }), layer({ [key]: 7 }))[key]).toBe(7);
  expect(narrow(widest, null, layer({ [key]: 1_000_000 }))[key]).toBe(widest[key]);
  expect(narrow(widest, layer({ [key]: 0 }), null)[key]).toBe(0);
});

test.each(['parallel', 'maxFleetBudgetUsd'] as const)('%s takes the minimum of those who say something', (key) => {
  expect(narrow(widest, layer({ [key]: 4 }), layer({ [key]: 6 }))[key]).toBe(4);
  expect(narrow({ ...widest, [key]: 2 }, null, layer({ [key]: 6 }))[key]).toBe(2);
  expect(narrow(widest, silent, null)[key]).toBeNull();
});

test.each(['agents', 'approvers'] as const)('%s intersect without regard to case, and no list is no bound', (key) => {
  expect(narrow(widest, layer({ [key]: ['a', 'b'] }), layer({ [key]: ['B', 'c'] }))[key]).toEqual(['b']);
  expect(narrow({ ...widest, [key]: ['a'] }, null, layer({ [key]: ['b'] }))[key]).toEqual([]);
  expect(narrow(widest, null, layer({ [key]: ['b'] }))[key]).toEqual(['b']);
  expect(narrow(widest, layer({ [key]: [] }), silent)[key]).toEqual([]);
});

test('protected paths add up', () => {
  const settings = narrow(
    widest,
    layer({ protectedPaths: ['x', '.github/workflows/**'] }),
    layer({ protectedPaths: ['y'] }),
  );
  expect(settings.protectedPaths).toEqual(['.github/workflows/**', 'x', 'y']);
});

test('any layer forbids self-approval and none below permits it again', () => {
  expect(narrow(widest, null, layer({ notSender: true })).notSender).toBe(true);
  expect(
    narrow({ ...widest, notSender: true }, layer({ notSender: false }), layer({ notSender: false })).notSender,
  ).toBe(true);
});

test.each([
  [true, true, null, true],
  [true, true, true, true],
  [true, true, false, false],
  [true, null, true, false],
  [true, false, true, false],
  [false, true, true, false],
])('a more visible control repository with %s, %s, %s in the three layers: %s', (operator, above, below, expected) => {
  const settings = narrow(
    { ...widest, allowMoreVisibleControlRepository: operator },
    layer({ allowMoreVisibleControlRepository: above }),
    layer({ allowMoreVisibleControlRepository: below }),
  );
  expect(settings.allowMoreVisibleControlRepository).toBe(expected);
});

describe('dispatchers', () => {
  const ci: Dispatcher = {
    login: 'github-actions[bot]',
    repository: 'acme/platform',
    workflows: ['bump', 'lint'],
    within: { tag: ['platform:x'] },
    runAs: 'octocat',
  };

  test('the organization lists them where the operator does not', () => {
    expect(narrow(widest, layer({ dispatchers: [ci] }), silent).dispatchers).toEqual([ci]);
  });

  test('a control repository can never add one, so that none of its writers acts as somebody else', () => {
    expect(narrow(widest, null, layer({ dispatchers: [ci] })).dispatchers).toEqual([]);
    const other = { ...ci, runAs: 'admin' };
    expect(narrow(widest, layer({ dispatchers: [ci] }), layer({ dispatchers: [other] })).dispatchers).toEqual([]);
  });

  test('the organization adds none to the operator list, even to an empty one', () => {
    const other = { ...ci, login: 'renovate[bot]' };
    expect(narrow({ ...widest, dispatchers: [ci] }, layer({ dispatchers: [other] }), null).dispatchers).toEqual([]);
    const fixed = { ...widest, dispatchersFixed: true };
    expect(narrow(fixed, layer({ dispatchers: [ci] }), null).dispatchers).toEqual([]);
  });

  test('a lower list narrows the workflows and tags of the same one', () => {
    const below = { ...ci, login: 'GitHub-Actions[bot]', workflows: ['bump', 'evil'], within: { tag: ['team:y'] } };
    expect(narrow(widest, layer({ dispatchers: [ci] }), layer({ dispatchers: [below] })).dispatchers).toEqual([
      { ...ci, workflows: ['bump'], within: { tag: ['platform:x', 'team:y'] } },
    ]);
    const none = { ...ci, workflows: ['evil'] };
    expect(narrow(widest, layer({ dispatchers: [ci] }), layer({ dispatchers: [none] })).dispatchers).toEqual([]);
    expect(narrow(widest, layer({ dispatchers: [ci] }), layer({ dispatchers: [] })).dispatchers).toEqual([]);
  });
});

test.each([
  [null, 'acme/any', true],
  [['acme/platform'], 'Acme/Platform', true],
  [['acme/platform'], 'acme/platform-2', false],
  [['acme/*'], 'other/platform', false],
  [['platform'], 'other/platform', true],
  [['other/*', 'acme/ops-*'], 'acme/ops-x', true],
  [[], 'acme/platform', false],
] as const)('with the list %j, %s may be a control repository: %s', (controlRepositories, fullName, expected) => {
  expect(mayBeControlRepository({ controlRepositories }, fullName)).toBe(expected);
});
