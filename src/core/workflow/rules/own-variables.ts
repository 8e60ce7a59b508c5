import { placedNodes } from '../placed-nodes.ts';
import type { Finding, Rule } from './finding.ts';

/** Set by Flotilla. */
const OURS = /^(SERVICE|SERVICE_.*|INPUTS_.*|NODES_.*|LOOP_.*|FLEET_ID|BASE_BRANCH|PATH|HOME|TMPDIR|LANG|CI)$/;
/** A program takes these for code, or for where its code is, so that a value in one would be executed. */
const CODE =
  /^(BASH_.*|ENV|SHELLOPTS|PROMPT_COMMAND|PS\d|IFS|CDPATH|GLOBIGNORE|LD_.*|NODE_OPTIONS|NODE_PATH|PYTHON.*|PERL.*|RUBY.*|GIT_.*|NPM_CONFIG_.*|EDITOR|VISUAL|PAGER|.*_ASKPASS|JAVA_TOOL_OPTIONS)$/;

/** Names under `env`. */
export const ownVariables: Rule = function* (workflow) {
  for (const { node, path } of placedNodes(workflow)) {
    if (node.kind !== 'bash' && node.kind !== 'script') continue;
    for (const name of Object.keys(node.env)) {
      const fault: Pick<Finding, 'path' | 'onKey' | 'code'> = {
        path: [...path, 'env', name],
        onKey: true,
        code: 'variable',
      };
      if (!/^[A-Z_][A-Z0-9_]{0,99}$/.test(name)) {
        const hint = 'Use capital letters, digits and `_`, no digit first: TARGET_FOLDER.';
        yield { ...fault, message: `\`${name.slice(0, 80)}\` cannot be the name of a variable.`, hint };
      } else if (OURS.test(name)) {
        yield { ...fault, message: `\`${name}\` is set by Flotilla.`, hint: 'Choose another name.' };
      } else if (CODE.test(name)) {
        const message = `\`${name}\` can make a program execute its value.`;
        yield { ...fault, message, hint: 'Set it in the command itself, where no value from outside reaches it.' };
      }
    }
  }
};
