import { RE2JS } from 're2js';
import { globProblem } from './glob-problem.ts';

const MOST_WILDCARDS = 4;

/** `**` between slashes, a wildcard, a class, alternatives, or one character that stands for itself. */
const PART =
  /(?<anyFolders>(?<=^|\/)\*\*\/)|(?<anyBelow>(?:\/\*\*)+$)|(?<all>^\*\*$)|(?<stars>\*+)|(?<one>\?)|\[(?<not>[!^]?)(?<class>[^\]\\[/]+)\]|(?<open>\{)|(?<comma>,)|(?<close>\})|(?<plain>[^\\[\]])/gsuy;

/**
 * Why a glob on paths is refused, or undefined. A glob has `*` and `?` within a folder, `**` for any folders, `[a-z]`,
 * `[!a-z]` and `{a,b}`.
 */
export function pathGlobProblem(glob: string): string | undefined {
  const problem = globProblem(glob);
  if (problem !== undefined) return problem;
  if (/[@?!+*]\(/.test(glob)) return 'it has a group such as `+(a)`; write `*`, `?`, `[a-z]` or `{a,b}`';
  if (/\p{Cc}/u.test(glob) || !glob.isWellFormed()) return 'it has a control character or broken Unicode';
  if (/[\\|"]/.test(glob)) return 'it has `\\`, `|` or `"`; alternatives are `{a,b}`';
  if (/\{[^{},]*\}/.test(glob)) return 'it has `{` and `}` without a `,` between them';
  if (glob.startsWith('/')) return 'it starts with `/`; paths begin at the root of the repository without it';
  if (glob.split('/').some((segment) => (segment.match(/\*+|\?|\{/g)?.length ?? 0) > MOST_WILDCARDS)) {
    return `it has more than ${MOST_WILDCARDS} of \`*\`, \`?\` and \`{\` between two slashes`;
  }
  try {
    RE2JS.compile(expressionOf(glob));
    return undefined;
  } catch {
    return 'its brackets do not fit together';
  }
}

/**
 * A test for paths; case does not count, and a leading dot is a character like any other. It takes linear time: with a
 * backtracking expression, one long file name can hold up the server for hours. Throws for globs that pathGlobProblem refuses.
 */
export function compilePathGlobs(globs: readonly string[]): (path: string) => boolean {
  if (globs.length === 0) return () => false;
  const flags = RE2JS.CASE_INSENSITIVE | RE2JS.DOTALL;
  const compiled = RE2JS.compile(`^(?:${globs.map(expressionOf).join('|')})$`, flags);
  return (path) => compiled.test(path);
}

/** In RE2's syntax. */
function expressionOf(glob: string): string {
  let expression = '';
  let end = 0;
  let within = 0;
  for (const match of glob.matchAll(PART)) {
    end = match.index + match[0].length;
    const {
      anyFolders,
      anyBelow,
      all,
      stars,
      one,
      not,
      class: characters,
      open,
      comma,
      close,
      plain,
    } = match.groups ?? {};
    if (anyFolders !== undefined) expression += '(?:.*/)?';
    else if (anyBelow !== undefined) expression += '(?:/.*)?';
    else if (all !== undefined) expression += '.*';
    else if (stars !== undefined) expression += '[^/]*';
    else if (one !== undefined) expression += '[^/]';
    else if (characters !== undefined) expression += `[${not ? '^/' : ''}${characters.replace(/[\^&~]/g, '\\$&')}]`;
    else if (open !== undefined) {
      within += 1;
      expression += '(?:';
    } else if (close !== undefined && within > 0) {
      within -= 1;
      expression += ')';
    } else if (comma !== undefined && within > 0) expression += '|';
    else expression += RE2JS.quote(close ?? comma ?? plain ?? '');
  }
  if (end !== glob.length || within > 0) throw new SyntaxError(`a glob whose brackets do not fit: ${glob}`);
  return expression;
}
