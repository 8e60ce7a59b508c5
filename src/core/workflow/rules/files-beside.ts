import { runtimeOf } from '../named-files.ts';
import { isPathBeside } from '../path-beside.ts';
import { type PlacedNode, placedNodes } from '../placed-nodes.ts';
import type { Path } from '../read/places.ts';
import type { Rule } from './finding.ts';

/** Every file that a node names is one beside the workflow, and there. */
export const filesBeside: Rule = function* (workflow, beside) {
  for (const placed of placedNodes(workflow)) {
    const named = fileOf(placed);
    if (named === null) continue;
    const { file, path } = named;
    if (!isPathBeside(file)) {
      const message = `\`${file.slice(0, 80)}\` is no path of a file beside the workflow.`;
      const hint =
        'Write a path from the folder of the workflow, without `..` and without a leading `.` or `/`: scripts/bump.mjs.';
      yield { path, code: 'file', message, hint };
    } else if (beside.knows && beside.file(file) === undefined) {
      const message = `There is no file \`${file}\` beside the workflow.`;
      yield {
        path,
        code: 'file',
        message,
        hint: 'Add it to the folder in which the workflow is, or correct the name.',
      };
    }
    const { node } = placed;
    if (node.kind === 'script' && node.file !== null && (runtimeOf(node.file) ?? node.runtime) !== node.runtime) {
      const message = `\`${node.file}\` is no program for ${node.runtime}.`;
      yield {
        path: [...placed.path, 'runtime'],
        code: 'file',
        message,
        hint: 'Leave `runtime` out, or name another file.',
      };
    }
  }
};

function fileOf({ node, path }: PlacedNode): { file: string; path: Path } | null {
  switch (node.kind) {
    case 'script':
      return node.file === null ? null : { file: node.file, path: [...path, 'script', 'file'] };
    case 'command':
      return { file: node.file, path: [...path, 'command'] };
    case 'loop':
      return node.file === null ? null : { file: node.file, path: [...path, 'loop', 'command'] };
    case 'bash':
    case 'prompt':
    case 'loop_group':
    case 'approval':
    case 'cancel':
    case 'include':
      return null;
  }
}
