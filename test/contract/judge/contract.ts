import { Ajv, type ErrorObject } from 'ajv';
import formats from 'ajv-formats';
import { type Description, follow, isObject, type JsonObject, pointerStep } from '../kept/description.ts';
import { prepareSchemas } from './prepare-schemas.ts';

/** One point in which a message differs from GitHub's contract. */
export interface Fault {
  /** Where in the message: `body/title`, `query/per_page`, `answer/0/user`. */
  at: string;
  message: string;
  /** Where in GitHub's description the rule stands. */
  pointer: string;
}

export interface Contract {
  description: Description;
  /** @param pointer to a schema. @param at what the paths of the faults begin with */
  check(pointer: string, value: unknown, at: string): Fault[];
}

export interface Operation {
  /** `POST /repos/{owner}/{repo}/pulls` */
  name: string;
  pointer: string;
  item: JsonObject;
}

const DIALECT = 'github';

/** Schemas are compiled when they are first asked for: all of them would take seconds. */
export function openContract(description: Description): Contract {
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    logger: false,
    // Each test process compiles a few schemas for a few messages: what takes long is the compiling.
    validateSchema: false,
    code: { optimize: false },
  });
  formats.default(ajv);
  // GitHub's own addresses of bots, `1+app[bot]@users.noreply.github.com`, are no addresses by RFC 5321.
  ajv.addFormat('email', /^[^@\s]+@[^@\s]+$/);
  ajv.addFormat('repo.nwo', /^[^/\s]+\/[^/\s]+$/);
  const { paths, webhooks, components } = description;
  ajv.addSchema(Object(prepareSchemas({ paths, 'x-webhooks': webhooks, components })), DIALECT);
  return {
    description,
    check(written, value, at) {
      const pointer = resolve(description, written);
      const reference = `${DIALECT}${pointer}`;
      const validate = ajv.getSchema(reference) ?? ajv.compile({ $ref: reference });
      return validate(value) ? [] : (validate.errors ?? []).map((error) => faultOf(error, pointer, at));
    },
  };
}

/** The end of a chain of references, so that faults name the component. */
function resolve(description: Description, pointer: string): string {
  const schema = follow(description, pointer);
  return isObject(schema) && typeof schema.$ref === 'string' ? resolve(description, schema.$ref) : pointer;
}

function faultOf(error: ErrorObject, pointer: string, at: string): Fault {
  const { instancePath, schemaPath, message = 'is wrong', params, keyword } = error;
  const allowed: unknown = keyword === 'enum' ? `: ${JSON.stringify(params.allowedValues)}` : '';
  return { at: `${at}${instancePath}`, message: `${message}${allowed}`, pointer: absolute(schemaPath, pointer) };
}

/** Ajv tells places below the schema that it was asked for, unless it followed a reference. */
function absolute(schemaPath: string, pointer: string): string {
  const path = schemaPath.replace(DIALECT, '');
  return /^#\/(paths|x-webhooks|components)\//.test(path) ? path : `${pointer}${path.slice(1)}`;
}

/** @param name such as `POST /repos/{owner}/{repo}/pulls` */
export function operationNamed(description: Description, name: string): Operation | undefined {
  const [method = '', path = ''] = name.split(' ');
  const item = description.paths[path]?.[method.toLowerCase()];
  if (!isObject(item)) return undefined;
  return { name, pointer: `#/paths/${pointerStep(path)}/${method.toLowerCase()}`, item };
}
