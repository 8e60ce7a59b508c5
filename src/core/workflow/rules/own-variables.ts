import { placedNodes } from '../placed-nodes.ts';
import type { Finding, Rule } from './finding.ts';

/** Set by Flotilla. */
const OURS =
  /^(SERVICE|SERVICE_.*|SIBLINGS_DIR|INPUTS_.*|NODES_.*|LOOP_.*|FLEET_ID|BASE_BRANCH|PATH|HOME|TMPDIR|LANG|CI)$/;
/** A program takes these for code, for options, or for where its code is, so that a value in one would be executed. */
const CODE = new RegExp(
  `^(${[
    'BASH_.*|BASHOPTS|ENV|SHELLOPTS|SHELL|PROMPT_COMMAND|PS\\d|IFS|CDPATH|FPATH|ZDOTDIR|GLOBIGNORE|LD_.*|GCONV_PATH',
    '.*_OPTIONS|.*_OPTS|.+FLAGS|.*_RSH|.*_ASKPASS|XDG_.*|TERMINFO|OPENSSL_CONF|RIPGREP_CONFIG_PATH',
    'EDITOR|VISUAL|PAGER|MANPAGER|BROWSER|LESS|LESSOPEN|VIMINIT|GIT_.*',
    'NODE_.*|NPM_CONFIG_.*|YARN_.*|PYTHON.*|PERL.*|RUBY.*|LUA_.*|PHPRC|PHP_INI.*|DOTNET_.*',
    'GO(FLAGS|PATH|ROOT)|RUSTC.*|CARGO_.*|CLASSPATH|JDK_.*|MAVEN_.*|GRADLE_.*',
  ].join('|')})$`,
);

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
