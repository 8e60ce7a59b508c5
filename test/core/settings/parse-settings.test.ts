import { describe, expect, test } from 'vitest';
import { parseLayer, parseOperatorSettings } from '../../../src/core/settings/parse-settings.ts';

const GIB = 1024 ** 3;
const DAY = 24 * 60 * 60_000;

const operator = (text: string) => parseOperatorSettings(text, 'fleet.yml');
const layer = (text: string, of: 'organization' | 'repository' = 'repository') =>
  parseLayer(text, 'acme/platform:.github/fleet.yml', of);

test.each(['', '# nothing yet\n', '{}', '---\n'])('the operator file %j gives every default', (text) => {
  expect(operator(text)).toEqual({
    ok: true,
    value: {
      controlRepositories: null,
      caps: { system: 8, perUser: 5 },
      contentBudget: { perMinute: 80, perHour: 500 },
      effects: { unansweredWaitMs: 30_000, betweenLooksMs: 20_000, requestTimeoutMs: 15_000, gitTimeoutMs: 60_000 },
      agents: {},
      defaultAgent: null,
      keepWorkspaces: 'failed',
      drainMs: 10_000,
      journalAfterMs: 5_000,
      sandbox: 'required',
      box: { read: [], network: [], processes: 2048, memoryBytes: 8 * GIB, cpuMs: 3_600_000, fileBytes: 4 * GIB },
      maxUserBudgetUsdPerDay: null,
      disk: {
        workspacesBytes: 20 * GIB,
        mirrorsBytes: 50 * GIB,
        perWorkspaceBytes: 10 * GIB,
        retentionMs: 7 * DAY,
        deliveriesMs: 30 * DAY,
      },
      api: { allowPat: false, audience: null, requestsPerMinute: 300 },
      notify: { hosts: [], secretFrom: null, webhookFrom: null },
      metrics: null,
      shared: {
        confirmOver: 25,
        parallel: null,
        agents: null,
        protectedPaths: ['.github/workflows/**'],
        maxFiles: 300,
        maxBytes: 5_242_880,
        maxFleetBudgetUsd: null,
        allowMoreVisibleControlRepository: true,
        approvers: null,
        notSender: false,
        dispatchers: [],
        dispatchersFixed: false,
        notify: { mention: null },
      },
    },
  });
});

test('every key of the operator file is read', () => {
  const text = `
control_repositories: ["acme/platform", "acme/*-control"]
caps: { system: 20, per_user: 10 }
content_budget: { per_minute: 40, per_hour: 200 }
effects: { unanswered_wait: 1m, between_looks: 45s, request_timeout: 10s, git_timeout: 5s }
agents:
  opencode:
    command: opencode
    args: [acp]
    env: { OPENCODE_DISABLE_AUTOUPDATE: "1" }
    env_from: [OTHER_KEY]
    model: anthropic/claude
    read: [/opt/opencode]
    network: [models.dev]
    model_api: { url: "https://api.anthropic.com/v1/", key_from: ANTHROPIC_API_KEY, header: X-Api-Key }
    budget_usd: 2
    prices: { input: 3, output: 15 }
    worst_case_usd: 0.5
  gemini: { command: gemini }
default_agent: opencode
keep_workspaces: all
drain: 2m
journal_after: 30s
sandbox: optional
box: { read: [/opt/go], network: [npm.example.com, "*.example.org"], processes: 100, memory: 2GiB, cpu_time: 5m, file_size: 1GiB }
max_user_budget_usd_per_day: 40
notify: { hosts: ["*.example.com"], secret_from: NOTIFY_SECRET, webhook_from: NOTIFY_WEBHOOK, mention: true }
disk: { workspaces: 1TiB, mirrors: 500MiB, per_workspace: 2 GiB, retention: 14d, deliveries: 4d }
api: { allow_pat: true, audience: https://flotilla.example.com, requests_per_minute: 60 }
metrics: { listen: "[::1]:9464", token_from: METRICS_TOKEN }
confirm_over: 50
parallel: 4
protected_paths: [".github/**"]
limits: { max_files: 10, max_bytes: 1000 }
max_fleet_budget_usd: 12.5
allow_more_visible_control_repository: false
approvers: [octocat]
not_sender: true
dispatchers:
  - login: github-actions[bot]
    repository: acme/platform
    workflows: bump
    within: { tag: [platform:my-app] }
    run_as: octocat
`;
  expect(operator(text)).toEqual({
    ok: true,
    value: {
      controlRepositories: ['acme/platform', 'acme/*-control'],
      caps: { system: 20, perUser: 10 },
      contentBudget: { perMinute: 40, perHour: 200 },
      effects: { unansweredWaitMs: 60_000, betweenLooksMs: 45_000, requestTimeoutMs: 10_000, gitTimeoutMs: 5_000 },
      agents: {
        opencode: {
          command: 'opencode',
          args: ['acp'],
          env: { OPENCODE_DISABLE_AUTOUPDATE: '1' },
          envFrom: ['OTHER_KEY'],
          model: 'anthropic/claude',
          read: ['/opt/opencode'],
          network: ['models.dev'],
          modelApi: {
            url: 'https://api.anthropic.com/v1',
            keyFrom: 'ANTHROPIC_API_KEY',
            header: 'x-api-key',
            prefix: '',
          },
          budgetUsd: 2,
          prices: { input: 3, output: 15, cachedInput: 3 },
          worstCaseUsd: 0.5,
        },
        gemini: {
          command: 'gemini',
          args: [],
          env: {},
          envFrom: [],
          model: null,
          read: [],
          network: [],
          modelApi: null,
          budgetUsd: null,
          prices: null,
          worstCaseUsd: 5,
        },
      },
      defaultAgent: 'opencode',
      keepWorkspaces: 'all',
      drainMs: 120_000,
      journalAfterMs: 30_000,
      sandbox: 'optional',
      box: {
        read: ['/opt/go'],
        network: ['npm.example.com', '*.example.org'],
        processes: 100,
        memoryBytes: 2 * GIB,
        cpuMs: 300_000,
        fileBytes: GIB,
      },
      maxUserBudgetUsdPerDay: 40,
      disk: {
        workspacesBytes: 1024 * GIB,
        mirrorsBytes: 500 * 1024 ** 2,
        perWorkspaceBytes: 2 * GIB,
        retentionMs: 14 * DAY,
        deliveriesMs: 4 * DAY,
      },
      api: { allowPat: true, audience: 'https://flotilla.example.com', requestsPerMinute: 60 },
      notify: { hosts: ['*.example.com'], secretFrom: 'NOTIFY_SECRET', webhookFrom: 'NOTIFY_WEBHOOK' },
      metrics: { listen: { host: '::1', port: 9464 }, tokenFrom: 'METRICS_TOKEN' },
      shared: {
        confirmOver: 50,
        parallel: 4,
        agents: null,
        protectedPaths: ['.github/workflows/**', '.github/**'],
        maxFiles: 10,
        maxBytes: 1000,
        maxFleetBudgetUsd: 12.5,
        allowMoreVisibleControlRepository: false,
        approvers: ['octocat'],
        notSender: true,
        dispatchers: [
          {
            login: 'github-actions[bot]',
            repository: 'acme/platform',
            workflows: ['bump'],
            within: { tag: ['platform:my-app'] },
            runAs: 'octocat',
          },
        ],
        dispatchersFixed: true,
        notify: { mention: true },
      },
    },
  });
});

test('workflows of GitHub Actions stay protected until the operator says otherwise', () => {
  const pathsOf = (text: string) => {
    const parsed = operator(text);
    return parsed.ok ? parsed.value.shared.protectedPaths : parsed.faults;
  };
  expect(pathsOf('protected_paths: [CODEOWNERS]')).toEqual(['.github/workflows/**', 'CODEOWNERS']);
  expect(pathsOf('protected_paths: []')).toEqual(['.github/workflows/**']);
  expect(pathsOf('allow_workflow_changes: false')).toEqual(['.github/workflows/**']);
  expect(pathsOf('protected_paths: [CODEOWNERS]\nallow_workflow_changes: true')).toEqual(['CODEOWNERS']);
});

test('the only agent is the default, of several none is', () => {
  expect(operator('agents: {a: {command: x}}')).toMatchObject({ value: { defaultAgent: 'a' } });
  expect(operator('agents: {a: {command: x}, b: {command: x}}')).toMatchObject({ value: { defaultAgent: null } });
});

test('a layer says only what it says, and lists agents by name', () => {
  expect(layer('agents: [opencode]\nnot_sender: true')).toEqual({
    ok: true,
    value: {
      confirmOver: null,
      parallel: null,
      agents: ['opencode'],
      protectedPaths: null,
      maxFiles: null,
      maxBytes: null,
      maxFleetBudgetUsd: null,
      allowMoreVisibleControlRepository: null,
      approvers: null,
      notSender: true,
      dispatchers: null,
      notify: { mention: null, webhook: null },
    },
  });
});

describe('faults', () => {
  test.each([
    ['confirm_ovr: 3', 1, 1, 'unknown_key', 'confirm_over'],
    ['parallel: 2\nzzzzzz: 1', 2, 1, 'unknown_key', 'protected_paths'],
    ['limits:\n  max_file: 3', 2, 3, 'unknown_key', 'max_files'],
    ['caps: {system: 1, peruser: 2}', 1, 19, 'unknown_key', 'per_user'],
    ['effects: {between_look: 20s}', 1, 11, 'unknown_key', 'between_looks'],
    ['agents:\n  a:\n    command: x\n    envfrom: [A]', 4, 5, 'unknown_key', 'env_from'],
    [
      'dispatchers:\n  - {login: a, repository: a/b, workflows: [w], run_as: c, within: {tags: x, tag: y}}',
      2,
      69,
      'unknown_key',
      'tag',
    ],
  ])('%j names the nearest key', (text, line, column, code, hint) => {
    expect(operator(text)).toEqual({
      ok: false,
      faults: [
        { file: 'fleet.yml', line, column, code, message: expect.any(String), hint: expect.stringContaining(hint) },
      ],
    });
  });

  test.each([
    ['confirm_over: -1', 1, 15, '`confirm_over` must be a whole number from 0 on'],
    ['confirm_over: .inf', 1, 15, 'whole number'],
    ['confirm_over:', 1, 1, 'whole number'],
    ['parallel: 1.5', 1, 11, 'whole number from 1 on'],
    ['parallel: true', 1, 11, 'whole number from 1 on'],
    ['not_sender: "yes"', 1, 13, 'must be `true` or `false`'],
    ['keep_workspaces: some', 1, 18, 'must be `failed`, `all` or `none`'],
    ['drain: 10', 1, 8, 'must be a time from `1s` to `1h`'],
    ['drain: 2h', 1, 8, 'must be a time from `1s` to `1h`'],
    ['journal_after: 0s', 1, 16, 'must be a time from `1s` to `1h`'],
    ['disk: { workspaces: 20GB }', 1, 21, 'must be a size, such as `500MiB` or `20GiB`'],
    ['disk: { mirrors: 0GiB }', 1, 18, 'must be a size, such as `500MiB` or `20GiB`'],
    ['disk: { deliveries: 3d }', 1, 21, 'must be a time from `4d` to `3650d`'],
    ['metrics: {}', 1, 10, '`metrics` must hold `listen`, `token_from` or both'],
    ['metrics: true', 1, 10, '`metrics` must hold `listen`, `token_from` or both'],
    ['metrics: { listen: 9464 }', 1, 20, '`metrics.listen` must be where to listen, such as `127.0.0.1:9464`'],
    ['metrics: { listen: "127.0.0.1" }', 1, 20, 'must be where to listen, such as'],
    ['metrics: { listen: "::1:9464" }', 1, 20, 'must be where to listen, such as'],
    ['metrics: { listen: "127.0.0.1:94640" }', 1, 20, 'with a port up to 65535'],
    ['metrics: { token_from: a-b }', 1, 24, "must be a variable's name"],
    ['protected_paths: ["!x"]', 1, 19, '`protected_paths[0]` must be a glob'],
    ['protected_paths: [a, "+(a)b"]', 1, 22, '`protected_paths[1]` must be a glob on paths; it has a group'],
    ['protected_paths: ["x/*a*a*a*a*b"]', 1, 19, 'more than 4'],
    [`protected_paths: ["${'a'.repeat(201)}"]`, 1, 19, 'more than 200 characters'],
    ['protected_paths: ["a[b"]', 1, 19, 'brackets'],
    [`protected_paths: [${'a,'.repeat(51)}]`, 1, 18, 'at most 50 globs'],
    ['effects:\n  unanswered_wait: 0s', 2, 20, 'must be a time from `1s` to `1h`'],
    ['effects:\n  between_looks: 20', 2, 18, 'must be a time from `1s` to `1h`'],
    ['effects:\n  git_timeout: 1h', 2, 16, 'must be a time from `1s` to `10m`'],
    ['effects:\n  request_timeout: 2m', 2, 20, 'must be a time from `1s` to `1m`'],
    ['allow_workflow_changes: yes', 1, 25, 'must be `true` or `false`'],
    [
      'control_repositories:\n  - acme/*\n  - "!acme/x"',
      3,
      5,
      '`control_repositories[1]` must be a glob on owner/repo; it starts with',
    ],
    ['approvers: [a b]', 1, 13, "`approvers[0]` must be a person's login"],
    ['approvers: octocat', 1, 12, "must be a list of people's logins"],
    ['agents: [opencode]', 1, 9, '`agents` must hold one'],
    ['agents: {a: {args: []}}', 1, 13, '`agents.a.command` must be the program to start'],
    ['agents: {a: {command: x, worst_case_usd: -1}}', 1, 42, '`agents.a.worst_case_usd` must be US dollars from 0'],
    ['max_fleet_budget_usd: 0', 1, 23, '`max_fleet_budget_usd` must be US dollars, more than 0 and at most 100000'],
    ['max_fleet_budget_usd: $5', 1, 23, 'must be US dollars, more than 0'],
    ['agents: {A b: {command: x}}', 1, 10, "must be an agent's name"],
    ['default_agent: x', 1, 16, 'names `x`, which `agents` does not define'],
    ['dispatchers: [{login: a}]', 1, 15, '`dispatchers[0].repository` must be'],
    ['[a]', 1, 1, 'The file must be'],
    ['just text', 1, 1, 'The file must be'],
    ['a: [', 1, 5, ''],
    ['parallel: 1\nparallel: 2', 2, 1, ''],
    ['a: *b', 1, 4, ''],
    ['parallel: 1\n---\nparallel: 2', 2, 1, ''],
  ])('%j is located', (text, line, column, message) => {
    const parsed = operator(text);
    expect(parsed.ok ? [] : parsed.faults).toContainEqual({
      file: 'fleet.yml',
      line,
      column,
      code: expect.any(String),
      message: expect.stringContaining(message),
      hint: expect.stringMatching(/\w/),
    });
  });

  test('all of a file come at once', () => {
    const parsed = operator('parallel: 0\nnot_sender: 1\ncolour: red\nlimits: {max_files: x}');
    expect(parsed.ok ? [] : parsed.faults.map(({ line }) => line).sort()).toEqual([1, 2, 3, 4]);
  });

  test.each([
    ...['control_repositories: []', 'caps: {}', 'content_budget: {}', 'default_agent: x', 'keep_workspaces: all'],
    'allow_workflow_changes: true',
  ])('a lower layer with %s is told that it exists only in the operator file', (text) => {
    for (const lower of ['organization', 'repository'] as const) {
      expect(layer(text, lower)).toMatchObject({
        ok: false,
        faults: [
          {
            code: 'operator_only',
            line: 1,
            column: 1,
            message: expect.stringContaining("only in the operator's file"),
          },
        ],
      });
    }
  });

  test('a lower layer cannot define an agent', () => {
    expect(layer('agents: {x: {command: sh}}')).toMatchObject({
      ok: false,
      faults: [{ line: 1, column: 9, message: expect.stringContaining("only in the operator's file") }],
    });
  });

  test('a key named __proto__ is no way around the schema', () => {
    expect(layer('__proto__: {confirm_over: 1000}').ok).toBe(false);
  });

  test.each([
    ['aliases', `a: &a [x]\nb: [${'*a,'.repeat(500)}]`],
    ['nesting', `a: ${'['.repeat(20_000)}`],
    ['size', `# ${'x'.repeat(2_000_000)}`],
    ['misspelling', Array.from({ length: 30_000 }, (_, i) => `protected_pathsx${i}: 1`).join('\n')],
    ['in a list', `approvers: [${'a,'.repeat(1_001)}]`],
  ])('too much %s is a fault and no crash', (_, text) => {
    const started = performance.now();
    expect(operator(text).ok).toBe(false);
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});
