import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { givenFolder } from '../rehearse/given-folder.ts';
import { noSandbox } from '../sandboxes.ts';
import { fleetCommand } from './fleet-command.ts';

const costSchema = z.strictObject({
  sessions: z.number(),
  known_usd: z.number().nullable(),
  computed: z.boolean(),
  sessions_of_unknown_cost: z.number(),
  tokens: z.strictObject({ input: z.number(), output: z.number(), cached_input: z.number() }).nullable(),
  sessions_of_unknown_tokens: z.number(),
});

const resultSchema = z.strictObject({
  sandbox: z.strictObject({ boxed: z.boolean(), why: z.string().nullable(), remedy: z.string().nullable() }),
  fleet: z.strictObject({
    id: z.string().regex(/^f-[a-z2-7]{8}$/),
    status: z.string(),
    branch: z.string(),
    workflow: z.string(),
    inputs: z.record(z.string(), z.string()),
    cost: costSchema,
  }),
  tasks: z.array(
    z.strictObject({
      id: z.string().regex(/^t-/),
      repository: z.string(),
      status: z.string(),
      outcome: z.string().nullable(),
      category: z.string().nullable(),
      pull_request: z.url().nullable(),
      cost: costSchema,
    }),
  ),
  left_out: z.array(z.strictObject({ repository: z.string(), reason: z.string() })),
  tracking_issue: z.url(),
  github: z.url(),
});

test('the demo ends with status 0 and prints one JSON object that tells the whole fleet', async () => {
  const data = join(givenFolder(), 'data');
  const { exitCode, stdout, stderr } = await fleetCommand('demo', '--once', '--json', '--data', data);
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain('its agent is a script, no model');
  const { sandbox, fleet, tasks, left_out, tracking_issue, github } = resultSchema.parse(JSON.parse(stdout));
  expect(sandbox).toMatchObject({ boxed: noSandbox === null, why: noSandbox });
  if (noSandbox === null) expect(stderr).toContain('run in boxes');
  else expect(stderr).toMatch(/^WITHOUT A SANDBOX: /);

  expect(fleet).toMatchObject({
    status: 'partial',
    branch: 'fleet/bump-shared-lib-2.0',
    workflow: 'bump-shared-lib',
    inputs: { version: '2.0' },
    cost: { computed: false, sessions_of_unknown_cost: 0 },
  });
  const { sessions, known_usd } = fleet.cost;
  expect(known_usd, 'two cents each').toBeCloseTo(sessions * 0.02);
  expect(new Set(tasks.map(({ id }) => id)).size).toBe(8);
  const ends = Object.fromEntries(
    tasks.map(({ repository, status, outcome, category, pull_request }) => [
      repository.replace('acme/service-', ''),
      [status, outcome ?? category, pull_request],
    ]),
  );
  const changed = (name: string) => ['completed', 'changed', `${github}/acme/service-${name}/pull/1`];
  expect(ends).toEqual({
    api: changed('api'),
    auth: changed('auth'),
    billing: changed('billing'),
    catalog: ['completed', 'unchanged', null],
    gateway: ['failed', 'command', null],
    notifications: changed('notifications'),
    search: changed('search'),
    worker: changed('worker'),
  });
  expect(left_out).toEqual([
    { repository: 'acme/service-legacy', reason: 'archived' },
    { repository: 'acme/service-reports', reason: 'fork' },
    { repository: 'acme/service-sandbox', reason: 'ignored' },
    { repository: 'acme/service-vault', reason: 'no_permission' },
  ]);
  expect(tracking_issue).toMatch(new RegExp(`^${github}/acme/platform/issues/\\d+$`));
}, 60_000);
