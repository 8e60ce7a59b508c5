import type { ComparisonOperator, ConditionFault } from './types.ts';

export type Token = { offset: number; length: number } & (
  | { kind: 'operator'; value: ComparisonOperator }
  | { kind: 'and' | 'or' | 'open' | 'close' | 'end' }
  | { kind: 'literal'; value: string | number | boolean }
  | { kind: 'reference'; parts: readonly string[] }
);

const SYMBOLS = {
  '&&': { kind: 'and' },
  '||': { kind: 'or' },
  '(': { kind: 'open' },
  ')': { kind: 'close' },
  '==': { kind: 'operator', value: '==' },
  '!=': { kind: 'operator', value: '!=' },
  '<=': { kind: 'operator', value: '<=' },
  '>=': { kind: 'operator', value: '>=' },
  '<': { kind: 'operator', value: '<' },
  '>': { kind: 'operator', value: '>' },
} as const;

const TOKEN =
  /(?<space>\s+)|(?<symbol>&&|\|\||==|!=|<=|>=|[<>()])|(?<number>-?\d+(?:\.\d+)?(?![\w.]))|'(?<single>[^']*)'|"(?<double>[^"]*)"|(?<reference>\$[A-Za-z_][\w-]*(?:\.[\w-]+)*)|(?<word>[^\s&|=!<>()'"$]+)|(?<other>.)/gsu;

/** Splits a condition; a text in quotes ends at the next quote of its kind, there are no escapes. */
export function tokenize(text: string): { ok: true; tokens: Token[] } | { ok: false; fault: ConditionFault } {
  const tokens: Token[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const place = { offset: match.index, length: match[0].length };
    const { space, symbol, number, single, double, reference } = match.groups ?? {};
    if (space !== undefined) continue;
    const quoted = single ?? double;
    if (symbol !== undefined && isSymbol(symbol)) tokens.push({ ...place, ...SYMBOLS[symbol] });
    else if (number !== undefined) tokens.push({ ...place, kind: 'literal', value: Number(number) });
    else if (quoted !== undefined) tokens.push({ ...place, kind: 'literal', value: quoted });
    else if (reference !== undefined)
      tokens.push({ ...place, kind: 'reference', parts: reference.slice(1).split('.') });
    else if (match[0] === 'true' || match[0] === 'false') {
      tokens.push({ ...place, kind: 'literal', value: match[0] === 'true' });
    } else return { ok: false, fault: { at: place, ...explain(match[0]) } };
  }
  tokens.push({ kind: 'end', offset: text.length, length: 0 });
  return { ok: true, tokens };
}

function isSymbol(symbol: string): symbol is keyof typeof SYMBOLS {
  return Object.hasOwn(SYMBOLS, symbol);
}

function explain(found: string): { message: string; hint: string } {
  const message = `\`${found}\` is not understood in a condition.`;
  switch (found) {
    case '=':
      return { message, hint: 'Write `==` to compare.' };
    case '&':
    case 'and':
      return { message, hint: 'Write `&&`.' };
    case '|':
    case 'or':
      return { message, hint: 'Write `||`.' };
    case '!':
    case 'not':
      return { message, hint: 'Turn the comparison around: `!=` instead of `==`.' };
    case '"':
    case "'":
      return { message: 'A text in quotes does not end.', hint: `Close it with ${found}.` };
    case '$':
      return { message, hint: 'Write `$node.output`, `$node.exit_code`, `$node.status` or `$inputs.name`.' };
    default:
      return { message, hint: `Put a text in quotes: '${found}'. A reference begins with \`$\`: $test.exit_code` };
  }
}
