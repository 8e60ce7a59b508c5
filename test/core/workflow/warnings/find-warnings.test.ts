import { expect, it } from 'vitest';
import { parseWorkflow } from '../../../../src/core/workflow/parse-workflow.ts';
import { findWarnings } from '../../../../src/core/workflow/warnings/find-warnings.ts';

const TEXT = `name: a
inputs:
  version: { required: true }
only_if: test -n $INPUTS_VERSION
nodes:
  - id: bump
    bash: |
      echo "$INPUTS_VERSION"
      npm version $INPUTS_VERSION
  - id: report
    script: { file: report.py }
    env: { LOG: "{{version}}", FLAGS: -v }
    depends_on: bump
  - id: show
    bash: show $FLAGS $LOG
    env: { LOG: $report.output, FLAGS: -a -b }
    depends_on: report
`;

it('places warnings in the file and in files beside it', () => {
  const surroundings = { files: { 'report.py': 'import os\nos.system("echo " + os.environ["LOG"])\n' }, includes: {} };
  const parsed = parseWorkflow(TEXT, 'flows/a.yml', surroundings);
  const warnings = parsed.ok ? findWarnings(TEXT, 'flows/a.yml', surroundings, parsed.workflow) : [];
  expect(warnings.map(({ file, line, column, code }) => `${file}:${line}:${column} ${code}`)).toEqual([
    'flows/a.yml:4:18 warning/unquoted',
    'flows/a.yml:9:19 warning/unquoted',
    'flows/a.yml:15:23 warning/unquoted',
    'flows/report.py:2:1 warning/program_text',
  ]);
});
