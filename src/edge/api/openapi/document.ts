import type { ApiRoute } from '../route.ts';
import { errorSchema } from '../schemas/error.ts';
import { ErrorResponses } from './error-responses.ts';
import { HEADERS, headerRef, REQUEST_ID } from './headers.ts';
import { SchemaComponents } from './schemas.ts';

const TEXT = { schema: { type: 'string' } };
const ID_PARAMETERS: Readonly<Record<string, object>> = {
  fleet_id: { description: 'Of a fleet', schema: { type: 'string' }, example: 'f-2k7q3m5a' },
  task_id: { description: 'Of a task', schema: { type: 'string' }, example: 't-2k7q3m5abcde' },
};

/** The API as OpenAPI 3.1 tells it, made of the schemas by which it parses. */
export function openApiDocument(routes: readonly ApiRoute[]): object {
  const components = new SchemaComponents();
  const errors = new ErrorResponses(components.add(errorSchema, 'output'));
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    const path = `/v1${route.path}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, components, errors) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Flotilla',
      version: '1.0.0',
      description:
        'One command, one pull request per repository, one tracking issue. Answers may gain fields and enumerations may gain values; nothing is removed or renamed within `/v1`.',
    },
    servers: [{ url: '/', description: 'Where the app listens' }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description:
            "A user access token of this GitHub App, an OIDC token of a job of GitHub Actions where the operator's settings have `api: {audience}`, or a personal access token where they have `api: {allow_pat: true}`.",
        },
      },
      schemas: components.all(),
      responses: errors.all(),
      headers: HEADERS,
    },
  };
}

function operation(route: ApiRoute, components: SchemaComponents, errors: ErrorResponses): object {
  const { operationId, summary, body, bodyOptional } = route;
  const parameters = parametersOf(route, components);
  return {
    operationId,
    summary,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: bodyOptional !== true,
            content: { 'application/json': { schema: components.add(body, 'input') } },
          },
        }),
    responses: { ...answersOf(route, components), ...errors.of(route) },
  };
}

function parametersOf(route: ApiRoute, components: SchemaComponents): object[] {
  const path = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    ...ID_PARAMETERS[name],
  }));
  const query = Object.entries(route.query?.shape ?? {}).map(([name, schema]) => {
    const json = components.add(schema, 'input');
    return { name, in: 'query', required: false, schema: json };
  });
  const headers = Object.entries(route.headers ?? {}).map(([name, description]) => ({
    name,
    in: 'header',
    required: false,
    description,
    ...TEXT,
  }));
  return [...path, ...query, ...headers, ...(route.idempotent === true ? [idempotencyKey] : [])];
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'The same key with the same body is carried out once, and its answer given again with `Idempotent-Replay: true`. With another body it is refused.',
  schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,200}$' },
  example: '5b1c7d0e-8a4f-4b0e-9f57-3c1e0c1d2a6b',
};

function answersOf(route: ApiRoute, components: SchemaComponents): object {
  const headers = {
    ...REQUEST_ID,
    ...(route.idempotent === true ? headerRef('Idempotent-Replay') : {}),
  };
  const answers = Object.entries(route.answers).map(([status, answer]) => {
    const content =
      'stream' in answer
        ? { 'text/event-stream': { schema: components.add(answer.events, 'output') } }
        : { 'application/json': { schema: components.add(answer.schema, 'output') } };
    return [status, { description: answer.description, headers, content }];
  });
  return Object.fromEntries(answers);
}
