import type { NodeKind } from '../../src/core/workflow/types.ts';

/** Workflows as they stand in the reference. Each is read by parseWorkflow in a test. */

export const WHOLE = `# yaml-language-server: $schema=./workflow.schema.json
name: migrate-logger
description: Replaces the old logger in every service of the platform
inputs:
  version: { required: true, pattern: '^\\d+\\.\\d+\\.\\d+$', description: "Version of the new logger" }
services:
  - tag: platform:my-app
    not: { names: [service-frozen] }
exclude: [acme/legacy-*]
parallel: 4
rollout: { canary: 1, waves: [25%, 100%], halt_on_failure: 20%, approve: canary, after: { tag: role:library } }
branch: fleet/migrate-logger-{{version}}
only_if: grep -q '"old-logger"' package.json
requires: [npm]
limits: { task_timeout: 2h }
pull_request:
  title: "Use new-logger {{version}}"
  labels: [dependencies]
  reviewers: [team:platform]
nodes:
  - id: swap
    bash: npm uninstall old-logger && npm install "new-logger@$INPUTS_VERSION"
    retry: { max_attempts: 3, on_error: all }
  - id: test
    bash: npm test
    depends_on: [swap]
    continue_on_error: true
  - id: repair
    when: $test.exit_code != 0
    prompt: |
      {{service}} uses new-logger now. Make its tests pass.
      {{nodes.test.output}}
    depends_on: [test]
  - id: retest
    bash: npm test
    depends_on: [repair]
`;

/** Lists of nodes; the text before each says what it shows. */
export const EXAMPLES: Readonly<Record<NodeKind, string>> = {
  bash: `- id: bump
  bash: npm pkg set "dependencies.@acme/shared=$SHARED_VERSION"
  env: { SHARED_VERSION: "2.0.0" }
  timeout: 1m
`,
  script: `- id: count
  runtime: python
  script: |
    import json, pathlib
    print(json.dumps({"files": len(list(pathlib.Path(".").rglob("*.py")))}))
  output_format:
    { type: object, properties: { files: { type: integer } }, required: [files] }
- id: rewrite
  when: $count.output.files > 0
  script: { file: rewrite.mjs }
  depends_on: [count]
`,
  prompt: `- id: judge
  prompt: "Does {{service}} still use the old logger? Change nothing."
  output_format:
    { type: object, properties: { uses_it: { type: boolean } }, required: [uses_it] }
- id: migrate
  prompt: Replace the old logger by the new one.
  agent: opencode
  timeout: 1h
  when: $judge.output.uses_it == true
  depends_on: [judge]
`,
  command: `- id: test
  bash: npm test
  continue_on_error: true
- id: repair
  command: repair # repair.md, beside the workflow
  with: { findings: "{{nodes.test.output}}" }
  when: $test.exit_code != 0
  depends_on: [test]
`,
  loop: `- id: repair
  loop:
    prompt: |
      Make npm test pass. Last time you said:
      {{loop.previous_output}}
    until_bash: npm test
    max_iterations: 5
  idle_timeout: 5m
`,
  loop_group: `- id: until-green
  loop_group:
    max_iterations: 3
    until_bash: test "$LOOP_OUTPUT" = green
    nodes:
      - id: fix
        prompt: "Round {{loop.iteration}}: make the tests pass."
      - id: check
        bash: npm test >&2 && echo green
        depends_on: [fix]
        continue_on_error: true
`,
  approval: `- id: plan
  prompt: Write a plan for the migration of {{service}}. Change nothing.
- id: gate
  approval:
    message: "{{nodes.plan.output}}"
    decisions: [{ id: go, label: "Go on" }, { id: small, label: "The smallest part only" }]
  depends_on: [plan]
- id: small
  when: $gate.output == 'small'
  prompt: "Carry out the smallest part of this plan: {{nodes.plan.output}}"
  depends_on: [gate]
`,
  cancel: `- id: look
  bash: test ! -e MIGRATING
  continue_on_error: true
- id: stop
  when: $look.exit_code != 0
  cancel: "{{service}} is being migrated by hand."
  depends_on: [look]
`,
  include: `- id: lint
  include: run-lint
  with: { level: strict }
- id: report
  bash: printf '%s\\n' "$NODES_LINT_OUTPUT"
  depends_on: [lint]
`,
};

/** A whole workflow around a list of nodes. */
export const aroundNodes = (nodes: string): string => `name: example\nnodes:\n${nodes.replace(/^(?=.)/gm, '  ')}`;
