import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { OPENAPI_FILE, renderOpenApi } from '../../docs/openapi-file.ts';
import { openWorld } from '../world.ts';
import { ask } from './api-client.ts';

test('docs/openapi.json is what the app serves', async () => {
  const text = readFileSync(OPENAPI_FILE, 'utf8');
  expect(text, 'npm run docs:openapi writes it').toBe(renderOpenApi());
  const world = await openWorld({ settings: 'api: { allow_pat: true }\n' });
  const { body } = await ask(world, world.tokens.mona ?? '', 'GET', '/v1/openapi.json');
  expect(body).toEqual(JSON.parse(text));
});

const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ operationId: z.string() }))),
  components: z.looseObject({
    schemas: z.record(z.string(), z.looseObject({ examples: z.array(z.unknown()).optional() })),
  }),
});

test('every schema compiles, every example fits its schema, every reference leads somewhere', () => {
  const document = documentSchema.parse(JSON.parse(renderOpenApi()));
  const ajv = new Ajv2020({ strict: false });
  addFormats.default(ajv);
  ajv.addSchema({ $id: 'api', ...document });
  for (const [id, { examples = [] }] of Object.entries(document.components.schemas)) {
    const validate = ajv.compile({ $ref: `api#/components/schemas/${id}` });
    for (const example of examples) expect(validate(example), `${id}: ${JSON.stringify(validate.errors)}`).toBe(true);
  }
  for (const [, to = ''] of renderOpenApi().matchAll(/"\$ref": "#\/([^"]+)"/g)) {
    const found = to
      .split('/')
      .reduce<unknown>((at, key) => z.record(z.string(), z.unknown()).parse(at)[key], document);
    expect(found, to).toBeDefined();
  }
});

test('operations have names of their own', () => {
  const document = documentSchema.parse(JSON.parse(renderOpenApi()));
  const ids = Object.values(document.paths).flatMap((path) =>
    Object.values(path).map(({ operationId }) => operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
});
