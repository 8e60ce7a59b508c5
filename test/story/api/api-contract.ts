import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { openApiDocument } from '../../../src/edge/api/openapi/document.ts';
import { apiRoutes } from '../../../src/edge/api/routes/routes.ts';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Answers may gain fields later, but today they hold none that the document does not tell. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (!isObject(value)) return value;
  const whole = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, closed(one)]));
  const open = whole.type === 'object' && isObject(whole.properties) && whole.additionalProperties === undefined;
  return open ? { ...whole, additionalProperties: false } : whole;
}

const document = closed(openApiDocument(apiRoutes));
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'api', ...(isObject(document) ? document : {}) });
const validators = new Map<string, ValidateFunction>();

const escaped = (key: string): string => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'));

function validator(pointer: string): ValidateFunction {
  const known = validators.get(pointer);
  if (known !== undefined) return known;
  const made = ajv.compile({ $ref: `api#${pointer}` });
  validators.set(pointer, made);
  return made;
}

/** What this part of the document says, with the path by which it says it; undefined: it does not say it. */
function lookUp(...keys: string[]): { keys: string[]; value: unknown } | undefined {
  let at: { keys: string[]; value: unknown } = { keys: [], value: document };
  for (const key of keys) {
    if (!isObject(at.value) || at.value[key] === undefined) return undefined;
    at = followed({ keys: [...at.keys, key], value: at.value[key] });
  }
  return at;
}

function followed(at: { keys: string[]; value: unknown }): { keys: string[]; value: unknown } {
  const to = isObject(at.value) ? at.value.$ref : undefined;
  return (typeof to === 'string' ? lookUp(...to.slice(2).split('/')) : undefined) ?? at;
}

function templateOf(method: string, path: string): string | undefined {
  const paths = lookUp('paths')?.value;
  return Object.keys(isObject(paths) ? paths : {}).find((template) => {
    const pattern = new RegExp(`^${template.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
    return pattern.test(path) && lookUp('paths', template, method.toLowerCase()) !== undefined;
  });
}

/** Throws when the document does not tell this answer. `type`: the media type. */
export function holdToContract(
  request: { method: string; path: string },
  answer: { status: number; type: string; body: unknown },
): void {
  const path = new URL(request.path, 'http://localhost').pathname;
  const template = templateOf(request.method, path);
  const at = `${request.method} ${path}: ${answer.status}`;
  if (template === undefined) {
    if (answer.status < 400) throw new Error(`${at} is not in the document`);
    requireValid(at, '/components/schemas/Error', answer.body);
    return;
  }
  const content = lookUp(
    'paths',
    template,
    request.method.toLowerCase(),
    'responses',
    String(answer.status),
    'content',
    answer.type,
  );
  if (content === undefined) throw new Error(`${at} (${answer.type}) is not in the document`);
  if (answer.type === 'application/json')
    requireValid(at, `/${[...content.keys, 'schema'].map(escaped).join('/')}`, answer.body);
}

/** Throws when the data of an event are not as the document tells. */
export function holdEventToContract(data: unknown): void {
  requireValid('event', '/components/schemas/Streamed', data);
}

function requireValid(at: string, pointer: string, body: unknown): void {
  const validate = validator(pointer);
  if (validate(body)) return;
  const faults = (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
  );
  throw new Error(`${at} is not as the document tells:\n${faults.join('\n')}\n${JSON.stringify(body)?.slice(0, 2000)}`);
}
