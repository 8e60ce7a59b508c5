import type { ConfiguredAgent } from '../../src/worker/context.ts';

/** An agent of which the operator said no more than its command. */
export const configuredAgent = (
  told: Pick<ConfiguredAgent, 'command'> & Partial<ConfiguredAgent>,
): ConfiguredAgent => ({
  args: [],
  env: {},
  variables: {},
  model: null,
  hosts: [],
  read: [],
  modelApi: null,
  budgetUsd: null,
  prices: null,
  worstCaseUsd: 5,
  ...told,
});
