import type { Description, Json, JsonObject } from '../kept/description.ts';

const PATH = '/repos/{owner}/{repo}/labels';

/** A description with nothing but what a test gives. */
export function description(parts: Partial<Description>): Description {
  return { openapi: '3.0.3', version: '1.0.0', paths: {}, webhooks: {}, components: {}, ...parts };
}

export const json = (schema: Json): JsonObject => ({ content: { 'application/json': { schema } } });

export const fieldsOf = (properties: JsonObject, required: readonly string[] = []): JsonObject => ({
  type: 'object',
  properties,
  required,
});

export const operation = (parts: JsonObject): JsonObject => ({ responses: {}, ...parts });

/** One operation, `POST /repos/{owner}/{repo}/labels`, whose body has the schema. */
export const sending = (schema: Json, components: Description['components'] = {}): Description =>
  description({ paths: { [PATH]: { post: operation({ requestBody: json(schema) }) } }, components });

/** One operation, `GET /repos/{owner}/{repo}/labels`, that answers with the schema. */
export const answering = (schema: Json, components: Description['components'] = {}): Description =>
  description({ paths: { [PATH]: { get: operation({ responses: { '200': json(schema) } }) } }, components });

/** One operation, `GET /repos/{owner}/{repo}/labels`, with a query parameter `sort`. */
export const asking = (parameter: JsonObject): Description =>
  description({
    paths: { [PATH]: { get: operation({ parameters: [{ name: 'sort', in: 'query', ...parameter }] }) } },
  });
