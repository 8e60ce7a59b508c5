import { type DocumentNode, execute, GraphQLError, getOperationAST, parse, validate } from 'graphql';
import type { Actor } from '../actor.ts';
import type { Context } from '../context.ts';
import type { Account } from '../state/records.ts';
import { formatError, type GithubGraphqlError } from './errors.ts';
import { resolveField } from './fields.ts';
import { type Budget, queryFields } from './query.ts';
import { githubSchema } from './schema.ts';

export interface GraphqlRequest {
  query: string;
  operationName?: string | null | undefined;
  variables?: Readonly<Record<string, unknown>> | null | undefined;
}

/** What GitHub sends with status 200. */
export interface GraphqlAnswer {
  data?: unknown;
  errors?: GithubGraphqlError[];
}

/**
 * Parses, validates against GitHub's schema and executes; faults of the document are answers with `errors` and without
 * `data`, faults of fields stand beside the data of the others.
 */
export async function executeDocument(
  context: Context,
  caller: { actor: Actor; account: Account; budget: () => Budget },
  request: GraphqlRequest,
): Promise<GraphqlAnswer> {
  const document = read(request.query);
  if (document instanceof GraphQLError) return { errors: [formatError(document)] };
  const faults = validate(githubSchema(), document);
  if (faults.length > 0) return { errors: faults.map(formatError) };
  if (getOperationAST(document, request.operationName)?.operation === 'mutation') {
    return { errors: [{ message: 'The local GitHub executes queries; its mutations are REST requests.' }] };
  }
  const result = await execute({
    schema: githubSchema(),
    document,
    rootValue: queryFields(context, caller.actor, caller.account, caller.budget),
    variableValues: request.variables ?? null,
    operationName: request.operationName ?? null,
    fieldResolver: resolveField,
  });
  return {
    ...(result.data === undefined ? {} : { data: result.data }),
    ...(result.errors === undefined ? {} : { errors: result.errors.map(formatError) }),
  };
}

function read(text: string): DocumentNode | GraphQLError {
  try {
    return parse(text, { maxTokens: 200_000 });
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}
