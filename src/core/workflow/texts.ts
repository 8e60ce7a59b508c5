import { type PlacedNode, placedNodes } from './placed-nodes.ts';
import type { Path } from './read/places.ts';
import type { ScriptNode, Workflow, WorkflowNode } from './types.ts';

/** What a node's texts and commands can name. */
export interface View {
  /** Of the node. */
  id: string;
  upstream: ReadonlySet<string>;
  /** Inputs beside those of the workflow. */
  further: readonly string[];
  inLoop: boolean;
}

/** A text into which values are put. */
export interface TextField {
  path: Path;
  text: string;
  /** The text is this file's, and the path leads to where it is named. */
  file: string | null;
  sees: 'inputs' | 'all nodes' | View;
}

/** A command, which values reach as environment variables only. */
export interface CodeField {
  path: Path;
  text: string;
  file: string | null;
  language: 'bash' | ScriptNode['runtime'];
  /** null: `only_if`, before any node. */
  view: View | null;
  /** Names of the node's own variables. */
  own: readonly string[];
}

export function textFields(workflow: Workflow): TextField[] {
  const { title, body, commitMessage } = workflow.pullRequest;
  const fields: { path: Path; text: string | null; sees: TextField['sees'] }[] = [
    { path: ['branch'], text: workflow.branch, sees: 'inputs' },
    { path: ['pull_request', 'title'], text: title, sees: 'all nodes' },
    { path: ['pull_request', 'body'], text: body, sees: 'all nodes' },
    { path: ['pull_request', 'commit_message'], text: commitMessage, sees: 'all nodes' },
  ];
  return [
    ...fields.flatMap(({ path, text, sees }) => (text === null ? [] : [{ path, text, sees, file: null }])),
    ...placedNodes(workflow).flatMap((placed) =>
      textsOf(placed.node).map(({ at, text, file = null, further = [] }) => ({
        path: [...placed.path, ...at],
        text,
        file,
        sees: viewOf(placed, further, at[0] === 'loop'),
      })),
    ),
  ];
}

function viewOf({ node, upstream, inLoop }: PlacedNode, further: readonly string[], ownLoop: boolean): View {
  return { id: node.id, upstream, further, inLoop: inLoop || ownLoop };
}

interface Text {
  at: Path;
  text: string;
  file?: string | null;
  further?: readonly string[];
}

function textsOf(node: WorkflowNode): Text[] {
  switch (node.kind) {
    case 'bash':
    case 'script':
      return entries('env', node.env);
    case 'prompt':
      return [{ at: ['prompt'], text: node.prompt }];
    case 'command': {
      const text = { at: ['command'], text: node.prompt, file: node.file, further: Object.keys(node.with) };
      return [text, ...entries('with', node.with)];
    }
    case 'loop': {
      const at = ['loop', node.file === null ? 'prompt' : 'command'];
      return [
        { at, text: node.prompt, file: node.file, further: Object.keys(node.with) },
        ...entries('with', node.with),
      ];
    }
    case 'approval':
      return [{ at: ['approval', 'message'], text: node.message }];
    case 'cancel':
      return [{ at: ['cancel'], text: node.reason }];
    case 'include':
      return entries('with', node.with);
    case 'loop_group':
      return [];
  }
}

const entries = (key: string, values: Readonly<Record<string, string>>): Text[] =>
  Object.entries(values).map(([name, text]) => ({ at: [key, name], text }));

export function codeFields(workflow: Workflow): CodeField[] {
  const onlyIf: CodeField[] =
    workflow.onlyIf === null
      ? []
      : [{ path: ['only_if'], text: workflow.onlyIf, file: null, language: 'bash', view: null, own: [] }];
  return [...onlyIf, ...placedNodes(workflow).flatMap(codeOf)];
}

function codeOf(placed: PlacedNode): CodeField[] {
  const { node, path } = placed;
  const view = (ownLoop: boolean): View => viewOf(placed, [], ownLoop);
  switch (node.kind) {
    case 'bash':
      return [
        {
          path: [...path, 'bash'],
          text: node.script,
          file: null,
          language: 'bash',
          view: view(false),
          own: Object.keys(node.env),
        },
      ];
    case 'script': {
      const field = { path: [...path, 'script'], text: node.script, file: node.file };
      return [{ ...field, language: node.runtime, view: view(false), own: Object.keys(node.env) }];
    }
    case 'loop':
    case 'loop_group': {
      if (node.untilBash === null) return [];
      return [
        {
          path: [...path, node.kind, 'until_bash'],
          text: node.untilBash,
          file: null,
          language: 'bash',
          view: view(true),
          own: [],
        },
      ];
    }
    case 'prompt':
    case 'command':
    case 'approval':
    case 'cancel':
    case 'include':
      return [];
  }
}
