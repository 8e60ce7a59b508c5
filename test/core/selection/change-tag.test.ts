import { describe, expect, it } from 'vitest';
import {
  changeProperty,
  changeTopics,
  definedTarget,
  type PropertyDefinition,
} from '../../../src/core/selection/change-tag.ts';

const TIER: PropertyDefinition = {
  name: 'Tier',
  type: 'single_select',
  allowedValues: ['Gold', 'Silver'],
  required: false,
  repositoryActors: true,
};
const TEAMS: PropertyDefinition = { ...TIER, name: 'teams', type: 'multi_select', allowedValues: ['api', 'web'] };
const FROZEN: PropertyDefinition = { ...TIER, name: 'frozen', type: 'true_false', allowedValues: null };

const target = (name: string, value: string, alone = false) => ({ kind: 'property', name, value, alone }) as const;
const given = { owner: 'acme', action: 'tag' } as const;

describe('topics', () => {
  it('keep all others, in their order', () => {
    expect(changeTopics(['b', 'a'], 'c', 'tag')).toEqual({ kind: 'write', topics: ['b', 'a', 'c'] });
    expect(changeTopics(['b', 'c', 'a'], 'c', 'untag')).toEqual({ kind: 'write', topics: ['b', 'a'] });
  });

  it('are left alone where nothing changes', () => {
    expect(changeTopics(['a'], 'a', 'tag')).toEqual({ kind: 'none' });
    expect(changeTopics(['a', 'ab'], 'b', 'untag')).toEqual({ kind: 'none' });
  });

  it('are 20 at most', () => {
    const topics = Array.from({ length: 20 }, (_, index) => `t${index}`);
    expect(changeTopics(topics, 'more', 'tag')).toMatchObject({
      kind: 'refused',
      problem: expect.stringContaining('--property'),
    });
    expect(changeTopics(topics, 't3', 'untag')).toMatchObject({ kind: 'write' });
  });
});

describe('a custom property', () => {
  it('takes the value in the place of another', () => {
    expect(changeProperty({ tier: 'Silver' }, target('Tier', 'Gold'), TIER, 'tag')).toEqual({
      kind: 'write',
      before: 'Silver',
      value: 'Gold',
    });
    expect(changeProperty({ Tier: 'gold' }, target('Tier', 'Gold'), TIER, 'tag')).toEqual({ kind: 'none' });
  });

  it('loses exactly the value that is meant', () => {
    expect(changeProperty({ Tier: 'Silver' }, target('Tier', 'Gold'), TIER, 'untag')).toEqual({ kind: 'none' });
    expect(changeProperty({ Tier: 'Gold' }, target('Tier', 'Gold'), TIER, 'untag')).toMatchObject({ value: null });
    expect(changeProperty({ teams: ['api', 'web'] }, target('teams', 'api'), TEAMS, 'untag')).toMatchObject({
      value: ['web'],
    });
    expect(changeProperty({ teams: ['api'] }, target('teams', 'api'), TEAMS, 'untag')).toMatchObject({ value: null });
  });

  it('of several values keeps the others', () => {
    expect(changeProperty({ teams: ['api'] }, target('teams', 'web'), TEAMS, 'tag')).toMatchObject({
      value: ['api', 'web'],
    });
    expect(changeProperty({}, target('teams', 'web'), TEAMS, 'tag')).toMatchObject({ before: null, value: ['web'] });
  });

  it('that must have a value becomes false, or keeps it', () => {
    const required = { ...FROZEN, required: true };
    expect(changeProperty({ frozen: 'true' }, target('frozen', 'true', true), required, 'untag')).toMatchObject({
      value: 'false',
    });
    expect(
      changeProperty({ teams: ['api'] }, target('teams', 'api'), { ...TEAMS, required: true }, 'untag'),
    ).toMatchObject({ kind: 'refused' });
    expect(
      definedTarget(target('tier', 'gold'), [{ ...TIER, required: true }], { owner: 'acme', action: 'untag' }),
    ).toMatchObject({ ok: false, problem: expect.stringContaining('must have a value') });
  });

  it('is written as its organization spells it', () => {
    expect(definedTarget(target('tier', 'gold'), [FROZEN, TIER], given)).toMatchObject({
      ok: true,
      target: { name: 'Tier', value: 'Gold' },
    });
    expect(definedTarget(target('frozen', 'TRUE', true), [FROZEN], given)).toMatchObject({ target: { value: 'true' } });
  });

  it('that nobody defined, or that does not take the value, names who can', () => {
    const undefinedOne = definedTarget(target('teir', 'gold'), [TIER], given);
    expect(undefinedOne).toMatchObject({ ok: false, problem: expect.stringMatching(/There is `Tier`.*owner/) });
    const other = definedTarget(target('tier', 'bronze'), [TIER], given);
    expect(other).toMatchObject({ ok: false, problem: expect.stringMatching(/takes `Gold`, `Silver`.*owner of acme/) });
    expect(definedTarget(target('teams', 'true', true), [TEAMS], given)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('teams:value'),
    });
  });
});
