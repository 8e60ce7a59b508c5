import { expect, test } from 'vitest';
import { RehearseError } from '../../src/rehearse/options.ts';
import { topicsByRules } from '../../src/rehearse/tag-rules.ts';

test('every rule whose glob matches the name adds its tag as a topic', () => {
  const rules = ['service-*=platform:my-app', '*=Team:Backend', 'library-*=role:library'];
  expect(topicsByRules(rules, 'service-api')).toEqual(['platform-my-app', 'team-backend']);
  expect(topicsByRules(rules, 'library-core')).toEqual(['team-backend', 'role-library']);
});

test('globs ignore case and see names that begin with a dot', () => {
  expect(topicsByRules(['SERVICE-*=a', '*=b'], 'service-api')).toEqual(['a', 'b']);
  expect(topicsByRules(['*=b'], '.github')).toEqual(['b']);
});

test.each(['service-*', '=tag', 'service-*=', ''])('%j is no rule, and the message shows one', (rule) => {
  const reading = () => topicsByRules([rule], 'service-api');
  expect(reading).toThrow(RehearseError);
  expect(reading).toThrow(/--tag "service-\*=platform:my-app"; got "/);
});

test.each(['two words', '-dash', 'a'.repeat(51), 'ünicode'])('%j can be no topic', (tag) => {
  expect(() => topicsByRules([`*=${tag}`], 'api')).toThrow(/cannot be a topic: a topic is a-z, 0-9 and -/);
});
