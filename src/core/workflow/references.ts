import type { Excerpt } from './read/places.ts';

/** What stands for a value in a text field. */
export type Reference = { at: Excerpt; raw: string } & (
  | { kind: 'input'; name: string }
  | { kind: 'service' }
  | { kind: 'loop'; property: 'iteration' | 'previous_output' }
  | { kind: 'node'; node: string; property: 'output' | 'exit_code'; field: readonly string[] }
  /** Written as a reference, but none that exists; or `${{ }}` of GitHub Actions. */
  | { kind: 'unknown'; expression: string; actions: boolean }
);

// `{{ expression }}`, `${{ expression }}`, `$SERVICE`, `$LOOP_PREV_OUTPUT`, `$inputs.name`, `$node.output[.field]`, `$node.exit_code`
const REFERENCE =
  /(\$?)\{\{([^{}\n]*)\}\}|\$(SERVICE|LOOP_PREV_OUTPUT)(?![A-Za-z0-9_])|\$(?:inputs|INPUTS)\.([a-z][a-z0-9_]*)|\$([a-z][a-z0-9_-]*)\.(?:(output)((?:\.[A-Za-z_][\w-]*)*)|(exit_code))(?![A-Za-z0-9_])/g;

/** Every reference of a text, in order. `${{ }}` belongs to GitHub Actions and is left alone by templates. */
export function referencesIn(text: string): Reference[] {
  return [...text.matchAll(REFERENCE)].map((match) => {
    const [raw, dollar, expression, word, input, node, output, field = ''] = match;
    const found = { at: { offset: match.index, length: raw.length }, raw };
    if (expression !== undefined) return { ...found, ...parseExpression(expression.trim(), dollar === '$') };
    if (word === 'SERVICE') return { ...found, kind: 'service' };
    if (input !== undefined) return { ...found, kind: 'input', name: input };
    if (node === undefined) return { ...found, kind: 'loop', property: 'previous_output' };
    const property = output === undefined ? 'exit_code' : 'output';
    return { ...found, kind: 'node', node, property, field: field.split('.').slice(1) };
  });
}

type Parsed = Reference extends infer One ? (One extends Reference ? Omit<One, 'at' | 'raw'> : never) : never;

function parseExpression(expression: string, actions: boolean): Parsed {
  const unknown: Parsed = { kind: 'unknown', expression, actions };
  if (actions) return unknown;
  if (expression === 'service') return { kind: 'service' };
  if (expression === 'loop.iteration') return { kind: 'loop', property: 'iteration' };
  if (expression === 'loop.previous_output') return { kind: 'loop', property: 'previous_output' };
  const input = /^(?:inputs\.)?([A-Za-z_][\w-]*)$/.exec(expression)?.[1];
  if (input !== undefined) return { kind: 'input', name: input };
  const node = /^nodes\.([A-Za-z_][\w-]*)\.(?:(output)((?:\.[A-Za-z_][\w-]*)*)|exit_code)$/.exec(expression);
  if (!node) return unknown;
  const [, id = '', output, field = ''] = node;
  const property = output === undefined ? 'exit_code' : 'output';
  return { kind: 'node', node: id, property, field: field.split('.').slice(1) };
}

/** Names of inputs that a command mentions as a text would: `{{name}}`, `{{inputs.name}}`, `$inputs.name`. */
export function inputsNamedInCode(code: string): string[] {
  const mentions = code.matchAll(/\{\{\s*(?:inputs\.)?([a-z][a-z0-9_]*)\s*\}\}|\$inputs\.([a-z][a-z0-9_]*)/g);
  return [...mentions].map(([, inBraces, afterDollar]) => inBraces ?? afterDollar ?? '');
}
