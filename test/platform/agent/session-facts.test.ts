import { expect, it } from 'vitest';
import { createSessionFacts } from '../../../src/platform/agent/session-facts.ts';

function told(...answers: unknown[]) {
  const facts = createSessionFacts();
  for (const answer of answers) facts.hear(answer);
  return facts.summary();
}

const option = (more: object = {}) => ({
  id: 'model',
  name: 'Model',
  category: 'model',
  type: 'select',
  currentValue: 'a/b',
  options: [
    { value: 'a/b', name: 'B' },
    { value: 'a/c', name: 'C' },
  ],
  ...more,
});

it('knows an agent by its name and version, and how it can be logged in to', () => {
  const { agent, protocolVersion, logins } = told({
    protocolVersion: 1,
    agentInfo: { name: 'OpenCode', version: '1.18.33' },
    authMethods: [{ id: 'x', name: 'Login with opencode' }, 'no method'],
  });
  expect([agent, protocolVersion, logins]).toEqual(['OpenCode 1.18.33', 1, ['Login with opencode']]);
});

it('cleans and bounds what an agent says of itself', () => {
  const named = (name: unknown, version: unknown = '1') =>
    told({ protocolVersion: 1, agentInfo: { name, version } }).agent;
  expect(named('a\u001b[31mb\n\n@octocat\u202e', 'x')).toBe('ab @octocat x');
  expect(named('n'.repeat(1_000_000))).toBe('n'.repeat(100));
  expect(named(5)).toBeNull();
  expect(named('alone', null)).toBe('alone');
  expect(named(' ', '')).toBeNull();
});

it('takes the models of the option for them, whatever else is broken beside it', () => {
  const { model, models, modes } = told({
    sessionId: 's',
    modes: { currentModeId: 'build', availableModes: [{ id: 'build', name: 'Build' }] },
    configOptions: [{ type: 'boolean', id: 'x', currentValue: true }, null, 7, option()],
  });
  expect([model, models, modes]).toEqual(['a/b', ['a/b', 'a/c'], ['build']]);
});

it('takes modes from an option for them too', () => {
  const mode = option({
    id: 'mode',
    category: 'mode',
    currentValue: 'build',
    options: [{ value: 'build' }, { value: 'plan' }],
  });
  expect(told({ sessionId: 's', configOptions: [mode] })).toMatchObject({ modes: ['build', 'plan'], model: null });
});

it('bounds the list of models', () => {
  const options = Array.from({ length: 10_000 }, (_, index) => ({ value: `m${index}`, name: 'M' }));
  expect(told({ configOptions: [option({ options })] }).models).toHaveLength(500);
});

it('follows a change of the model that the agent makes by itself', () => {
  const facts = createSessionFacts();
  facts.hear({ sessionId: 's', configOptions: [option()] });
  facts.update({ sessionUpdate: 'config_option_update', configOptions: [option({ currentValue: 'a/c' })] });
  expect(facts.summary().model).toBe('a/c');
});

it('tells the models that were really used, where the agent says', () => {
  const _meta = { quota: { model_usage: [{ model: 'one' }, { model: 'two' }, { model: 'one' }] } };
  const models = { currentModelId: 'auto', availableModels: [{ modelId: 'auto' }] };
  expect(told({ sessionId: 's', models }, { stopReason: 'end_turn', _meta }).model).toBe('one, two');
});

it('knows nothing of an agent that says nothing', () => {
  const nothing = { agent: null, model: null, tokens: null, protocolVersion: null, modes: [], models: [], logins: [] };
  expect(told(null, 7, 'x', {}, { protocolVersion: 'one' }, { configOptions: 'none' })).toEqual(nothing);
});
