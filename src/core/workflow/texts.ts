import type { Path } from './read/places.ts';
import type { Workflow } from './types.ts';

/** A text into which values are put. `node`: its prompt, which sees the node's upstream only. */
export interface TextField {
  path: Path;
  text: string;
  sees: 'inputs' | 'all nodes' | { node: string };
}

/** A command, which values reach as environment variables only. `node` null: `only_if`, before any node. */
export interface CodeField {
  path: Path;
  text: string;
  node: string | null;
}

export function textFields(workflow: Workflow): TextField[] {
  const { title, body, commitMessage } = workflow.pullRequest;
  const fields: { path: Path; text: string | null; sees: TextField['sees'] }[] = [
    { path: ['branch'], text: workflow.branch, sees: 'inputs' },
    { path: ['pull_request', 'title'], text: title, sees: 'all nodes' },
    { path: ['pull_request', 'body'], text: body, sees: 'all nodes' },
    { path: ['pull_request', 'commit_message'], text: commitMessage, sees: 'all nodes' },
    ...workflow.nodes.map((node, index) => ({
      path: ['nodes', index, 'prompt'],
      text: node.kind === 'prompt' ? node.prompt : null,
      sees: { node: node.id },
    })),
  ];
  return fields.flatMap(({ path, text, sees }) => (text === null ? [] : [{ path, text, sees }]));
}

export function codeFields(workflow: Workflow): CodeField[] {
  const bodies = workflow.nodes.flatMap((node, index): CodeField[] =>
    node.kind === 'bash' ? [{ path: ['nodes', index, 'bash'], text: node.script, node: node.id }] : [],
  );
  return workflow.onlyIf === null ? bodies : [{ path: ['only_if'], text: workflow.onlyIf, node: null }, ...bodies];
}
