import { renderTemplate } from '../core/workflow/template.ts';
import type { OpenRun } from './context.ts';
import type { NodeResult } from './node-result.ts';
import { runBash } from './runners/bash.ts';
import { runCommand } from './runners/command.ts';
import { runInclude } from './runners/include.ts';
import { runLoop } from './runners/loop.ts';
import { runLoopGroup } from './runners/loop-group.ts';
import { runPrompt } from './runners/prompt.ts';
import { runScript } from './runners/script.ts';
import type { NodeRun, RunGraph } from './scope.ts';
import { TaskCancelled } from './task-cancelled.ts';
import { templateValues } from './template-values.ts';
import { withRetry } from './with-retry.ts';

/** One node, whatever its kind, as often as its `retry` says. */
export const runNode = (run: OpenRun, of: NodeRun, runGraph: RunGraph): Promise<NodeResult> =>
  withRetry(run, of.node.retry, (tryNumber) => tryNode(run, { ...of, tryNumber }, runGraph));

async function tryNode(run: OpenRun, of: NodeRun, runGraph: RunGraph): Promise<NodeResult> {
  const { node } = of;
  switch (node.kind) {
    case 'bash':
      return runBash(run, { ...of, node });
    case 'script':
      return runScript(run, { ...of, node });
    case 'prompt':
      return runPrompt(run, { ...of, node });
    case 'command':
      return runCommand(run, { ...of, node });
    case 'loop':
      return runLoop(run, { ...of, node });
    case 'loop_group':
      return runLoopGroup(run, { ...of, node }, runGraph);
    case 'include':
      return runInclude(run, { ...of, node }, runGraph);
    case 'cancel':
      throw new TaskCancelled(
        renderTemplate(node.reason, templateValues(run, of)).trim() || 'The workflow gave no reason.',
      );
    case 'approval':
      throw new TypeError(`The approval ${node.id} is not asked for by the graph.`);
  }
}
