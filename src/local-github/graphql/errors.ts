import { GraphQLError, type GraphQLFormattedError } from 'graphql';

/** The `type` that GitHub puts beside `message` and `path`. */
export type ErrorType =
  | 'NOT_FOUND'
  | 'FORBIDDEN'
  | 'RATE_LIMITED'
  | 'MISSING_PAGINATION_BOUNDARIES'
  | 'EXCESSIVE_PAGINATION'
  | 'INVALID_CURSOR_ARGUMENTS';

/** An error of one field: the field becomes null and the answer stays HTTP 200. */
export function fieldError(type: ErrorType, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

export const inaccessible = (): GraphQLError => fieldError('FORBIDDEN', 'Resource not accessible by integration');

/** `type` stands at the top of GitHub's errors, not in `extensions`. */
export type GithubGraphqlError = GraphQLFormattedError & { type?: unknown };

export function formatError(error: GraphQLError): GithubGraphqlError {
  const { extensions = {}, ...formatted } = error.toJSON();
  const { type, ...others } = extensions;
  return {
    ...(type === undefined ? {} : { type }),
    ...formatted,
    ...(Object.keys(others).length === 0 ? {} : { extensions: others }),
  };
}
