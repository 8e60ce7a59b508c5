import { placedNodes } from '../placed-nodes.ts';
import { nodeVariable } from '../variables.ts';
import type { Finding, Rule } from './finding.ts';

/** Verbs of the comment grammar: `/fleet status` could not start a workflow of that name. */
const RESERVED_WORKFLOWS: ReadonlySet<string> = new Set([
  ...['plan', 'status', 'cancel', 'retry', 'approve', 'reject', 'pause', 'resume', 'undo', 'publish', 'help', 'list'],
]);
/** Of a workflow, an input and a node. */
export const MAX_NAME_LENGTH = 60;

export const workflowName: Rule = ({ name }) => {
  const fault = { path: ['name'], code: 'workflow_name' };
  if (RESERVED_WORKFLOWS.has(name)) {
    const message = `\`${name}\` is a command of /fleet and cannot name a workflow.`;
    return [{ ...fault, code: 'reserved_name', message, hint: `Choose another name, for example \`${name}-all\`.` }];
  }
  if (/^[a-z0-9][a-z0-9._-]*$/.test(name) && name.length <= MAX_NAME_LENGTH) return [];
  const hint = `Use small letters, digits, \`.\`, \`_\` and \`-\`, ${MAX_NAME_LENGTH} characters at most, a letter or digit first.`;
  return [{ ...fault, message: `\`${name.slice(0, 80)}\` cannot name a workflow.`, hint }];
};

/** Whether an input can have this name; only then may it become part of anything else. */
export const isInputName = (name: string): boolean => /^[a-z][a-z0-9_]*$/.test(name) && name.length <= MAX_NAME_LENGTH;

export const inputNames: Rule = ({ inputs }) =>
  Object.keys(inputs).flatMap((name): Finding[] => {
    const fault = { path: ['inputs', name], onKey: true };
    if (!isInputName(name)) {
      const hint = 'Use small letters, digits and `_`, a letter first: target_version.';
      return [{ ...fault, code: 'input_name', message: `\`${name.slice(0, 80)}\` cannot name an input.`, hint }];
    }
    if (name !== 'service') return [];
    const message = '`service` cannot name an input: {{service}} is the repository.';
    return [{ ...fault, code: 'reserved_name', message, hint: 'Choose another name.' }];
  });

export const nodeIds: Rule = (workflow) => {
  const byId = new Map<string, number>();
  const byVariable = new Map<string, string>();
  return placedNodes(workflow).flatMap(({ node: { id }, path: at }, index): Finding[] => {
    const path = [...at, 'id'];
    const variable = nodeVariable(id, 'OUTPUT');
    const first = byId.get(id);
    const other = byVariable.get(variable);
    byId.set(id, first ?? index);
    byVariable.set(variable, other ?? id);
    if (!/^[a-z][a-z0-9_-]*$/.test(id) || id.length > MAX_NAME_LENGTH) {
      const hint = 'Use small letters, digits, `_` and `-`, a letter first: run-tests.';
      return [{ path, code: 'node_id', message: `\`${id.slice(0, 80)}\` cannot be the id of a node.`, hint }];
    }
    if (id === 'inputs' || id === 'loop') {
      const message = `\`${id}\` cannot be the id of a node: \`${id === 'loop' ? '{{loop.iteration}}' : '$inputs.name'}\` is something else.`;
      return [{ path, code: 'reserved_name', message, hint: 'Choose another id.' }];
    }
    if (first !== undefined) {
      const message = `Two nodes have the id \`${id}\`.`;
      return [{ path, code: 'duplicate_id', message, hint: `Rename one; the other is node number ${first + 1}.` }];
    }
    if (other === undefined) return [];
    const message = `The nodes \`${other}\` and \`${id}\` would share the variable \`${variable}\`.`;
    return [{ path, code: 'shared_variable', message, hint: 'Rename one; `-` and `_` are the same in variables.' }];
  });
};
