import { parseWorkflow } from '../../../../src/core/workflow/parse-workflow.ts';

/** Faults of a workflow's text as `line:column code`, and their hints. */
export function faultsOf(text: string): { at: string; hint: string }[] {
  const parsed = parseWorkflow(text, 'x.yml', null);
  if (parsed.ok) return [];
  return parsed.faults.map(({ line, column, code, hint }) => ({ at: `${line}:${column} ${code}`, hint }));
}

/** A workflow of one node, or of `first` and that node after it. */
export const workflowOf = (node: string, first?: string): string =>
  ['name: a', 'nodes:', ...(first === undefined ? [] : [`  - ${first}`]), '  - id: second', ...indented(node)].join(
    '\n',
  );

const indented = (node: string): string[] => node.split('\n').map((line) => `    ${line}`);
