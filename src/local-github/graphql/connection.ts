import { z } from 'zod';
import { fieldError } from './errors.ts';
import type { Fields } from './fields.ts';

export const paging = z.looseObject({
  first: z.number().nullish(),
  last: z.number().nullish(),
  after: z.string().nullish(),
  before: z.string().nullish(),
});

export type Paging = z.output<typeof paging>;

interface Shape<T> {
  /** Name of the connection's type, e.g. `PullRequestConnection`; its edges' type follows from it. */
  type: string;
  /** The field's name, for messages. */
  field: string;
  /** Stable per item: cursors are made of it. */
  key: (item: T) => string | number;
  node: (item: T) => unknown;
  /** Further fields of an edge. */
  edge?: (item: T) => Readonly<Record<string, unknown>>;
}

/**
 * One page of a list, by GitHub's rules: `first` or `last` is needed and is 1 to 100.
 * Source: docs.github.com, "Rate limits and query limits for the GraphQL API".
 */
export function connection<T>(items: readonly T[], page: Paging, shape: Shape<T>): Fields {
  checkBounds(page, shape.field);
  const cursors = items.map((item) => Buffer.from(`cursor:v2:${shape.key(item)}`).toString('base64'));
  const from = page.after == null ? 0 : position(cursors, page.after) + 1;
  const to = page.before == null ? items.length : position(cursors, page.before);
  let start = from;
  let end = Math.max(from, to);
  if (page.first != null) end = Math.min(end, start + page.first);
  else if (page.last != null) start = Math.max(start, end - page.last);
  const chosen = items.slice(start, end);
  return {
    __typename: shape.type,
    totalCount: items.length,
    pageInfo: {
      __typename: 'PageInfo',
      hasNextPage: end < items.length,
      hasPreviousPage: start > 0,
      startCursor: cursors[start] !== undefined && end > start ? cursors[start] : null,
      endCursor: end > start ? cursors[end - 1] : null,
    },
    nodes: () => chosen.map(shape.node),
    edges: () =>
      chosen.map((item, offset) => ({
        __typename: shape.type.replace(/Connection$/, 'Edge'),
        cursor: cursors[start + offset],
        node: () => shape.node(item),
        ...shape.edge?.(item),
      })),
  };
}

function checkBounds({ first, last }: Paging, field: string): void {
  if (first == null && last == null) {
    throw fieldError(
      'MISSING_PAGINATION_BOUNDARIES',
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${field}\` connection.`,
    );
  }
  for (const [name, value] of [['first', first] as const, ['last', last] as const]) {
    if (value == null || (value >= 1 && value <= 100)) continue;
    throw fieldError(
      'EXCESSIVE_PAGINATION',
      value > 100
        ? `Requesting ${value} records on the \`${field}\` connection exceeds the \`${name}\` limit of 100 records.`
        : `\`${name}\` on the \`${field}\` connection cannot be less than 1.`,
    );
  }
}

function position(cursors: readonly string[], cursor: string): number {
  const found = cursors.indexOf(cursor);
  if (found < 0) {
    throw fieldError('INVALID_CURSOR_ARGUMENTS', `\`${cursor}\` does not appear to be a valid cursor.`);
  }
  return found;
}
