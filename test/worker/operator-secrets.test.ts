import { expect, test } from 'vitest';
import { operatorSecrets } from '../../src/worker/operator-secrets.ts';
import { configuredAgent } from '../story/configured-agent.ts';

test("the operator's values are secrets, but for words, regions, numbers, paths and addresses", () => {
  const env = {
    KEY: 'x7Kd-93hf-secret',
    NAME_AND_PASSWORD: 'https://name:pass@example.com',
    NODE_ENV: 'production',
    AWS_REGION: 'eu-central-1',
    ORGANIZATION: 'my-company',
    PORT: '8080',
    CACHE: '/var/cache/agent',
    BASE: 'https://models.example.com/v1',
    PATH: 'x7Kd-93hf',
  };
  const modelApi = { url: 'https://models.example.com', header: 'authorization', value: 'Bearer plainwords' };
  expect(operatorSecrets({ one: configuredAgent({ command: 'one', env, modelApi }) })).toEqual([
    'x7Kd-93hf-secret',
    'https://name:pass@example.com',
    'Bearer plainwords',
    'plainwords',
  ]);
});
