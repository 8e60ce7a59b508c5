import { expect, test } from 'vitest';
import { modelKeyProblems } from '../../../src/core/settings/model-keys.ts';
import { parseOperatorSettings } from '../../../src/core/settings/parse-settings.ts';

const withApi = (api: string) =>
  parseOperatorSettings(`agents:\n  a: { command: x, model_api: ${api} }\n`, 'fleet.yml');
const keyed = { url: 'https://m.example', keyFrom: 'KEY', header: 'x-api-key', prefix: '' };

test('a key that is set is no problem, nor an agent without a model of its own', () => {
  expect(
    modelKeyProblems(
      { a: { modelApi: keyed, envFrom: ['OTHER'] }, b: { modelApi: null, envFrom: ['KEY'] } },
      { KEY: 'sk-1' },
    ),
  ).toEqual([]);
});

test('a key that the agent would get as a variable too is told', () => {
  const [told] = modelKeyProblems({ cleaner: { modelApi: keyed, envFrom: ['KEY'] } }, { KEY: 'sk-1' });
  expect(told).toContain('`agents.cleaner` names KEY under `env_from` and under `model_api`');
});

test.each([
  ['unset', {}, 'is not set'],
  ['empty', { KEY: ' ' }, 'is not set'],
  ['two lines', { KEY: 'sk-secret\nx' }, 'no header can carry'],
])('a key that is %s is told with agent, key and variable, and without its value', (_, variables, problem) => {
  const [told, ...others] = modelKeyProblems({ cleaner: { modelApi: keyed, envFrom: [] } }, variables);
  expect(others).toEqual([]);
  expect(told).toContain('`key_from` of `agents.cleaner.model_api` names KEY, which');
  expect(told).toContain(problem);
  expect(told).not.toContain('sk-secret');
});

test.each([
  'http://127.0.0.1:8080/v1',
  'http://localhost:11434',
  'http://[::1]:1/v1',
  'https://models.internal:8443/v1',
])('a model at %s is accepted', (url) =>
  expect(withApi(`{ url: "${url}", key_from: KEY }`)).toMatchObject({ ok: true }),
);

test.each([
  ['http://api.example.com/v1', 'the key would travel readable'],
  ['HTTP://127.0.0.1.example.com', 'the address of an API'],
  ['http://127.0.0.1.example.com', 'the key would travel readable'],
  ['http://10.0.0.5/v1', 'the key would travel readable'],
  ['https://user:pass@api.example.com', 'the address of an API'],
  ['https://api.example.com:99999', 'the address of an API'],
])('a model at %s is refused: %s', (url, problem) => {
  const parsed = withApi(`{ url: "${url}", key_from: KEY }`);
  expect(parsed.ok ? '' : parsed.faults.map(({ message }) => message).join()).toContain(problem);
});

test.each(['1.2.3.256', 'example.com:0', 'example.com:70000'])('a host that cannot exist is refused: %s', (host) => {
  const parsed = parseOperatorSettings(`box: { network: ["${host}"] }\n`, 'fleet.yml');
  expect(parsed.ok ? '' : parsed.faults.map(({ message }) => message).join()).toContain('a host that can exist');
});
