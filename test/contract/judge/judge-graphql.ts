import { GraphQLError, getOperationAST, getVariableValues, parse, validate } from 'graphql';
import { z } from 'zod';
import { githubSchema } from '../../../src/local-github/graphql/schema.ts';
import type { Fault } from './contract.ts';
import { parseJson } from './parse-json.ts';

const request = z.strictObject({
  query: z.string(),
  operationName: z.string().nullish(),
  variables: z.record(z.string(), z.unknown()).nullish(),
});

/** Everything in which a GraphQL request, its variables included, differs from GitHub's public schema. */
export function judgeGraphql(body: string | undefined): Fault[] {
  const parsed = request.safeParse(parseJson(body ?? ''));
  if (!parsed.success) return [faultOf(z.prettifyError(parsed.error))];
  const { query, operationName, variables } = parsed.data;
  try {
    const document = parse(query);
    const faults = validate(githubSchema(), document).map(({ message }) => faultOf(message));
    const operation = getOperationAST(document, operationName);
    if (operation === null || operation === undefined) return [...faults, faultOf('there is no operation to execute')];
    const declared = (operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
    const undeclared = Object.keys(variables ?? {}).filter((name) => !declared.includes(name));
    const values = getVariableValues(githubSchema(), operation.variableDefinitions ?? [], variables ?? {});
    return [
      ...faults,
      ...undeclared.map((name) => faultOf(`the variable "$${name}" is not declared`)),
      ...(values.errors ?? []).map(({ message }) => faultOf(message)),
    ];
  } catch (error) {
    if (error instanceof GraphQLError) return [faultOf(error.message)];
    throw error;
  }
}

const faultOf = (message: string): Fault => ({ at: 'document', message, pointer: 'schema.graphql' });
