import { Ajv, type ErrorObject } from 'ajv';
import formats from 'ajv-formats';
import { type Description, follow, isObject, type Json, type JsonObject, pointerStep } from '../kept/description.ts';
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
    // So that a fault tells its schema: paths of schemas are told below whichever of them Ajv made a function of.
    verbose: true,
    code: { optimize: false },
  });
  formats.default(ajv);
  // GitHub's own addresses of bots, `1+app[bot]@users.noreply.github.com`, are no addresses by RFC 5321.
  ajv.addFormat('email', /^[^@\s]+@[^@\s]+$/);
  ajv.addFormat('repo.nwo', /^[^/\s]+\/[^/\s]+$/);
  const { paths, webhooks, components } = description;
  const { schemas, pointerOf } = prepareSchemas({ paths, 'x-webhooks': webhooks, components });
  ajv.addSchema(schemas, DIALECT);
  return {
    description,
    check(written, value, at) {
      const pointer = resolve(description, written);
      const reference = `${DIALECT}${pointer}`;
      const validate = ajv.getSchema(reference) ?? ajv.compile({ $ref: reference });
      if (validate(value)) return [];
      return (validate.errors ?? []).map((error) => {
        const place = pointerOf(error.parentSchema);
        if (place === undefined) throw new Error(`There is no telling where ${error.schemaPath} stands.`);
        return faultOf(error, { schema: follow(description, place), pointer: place }, at);
      });
    },
  };
}

/** The end of a chain of references, so that faults name the component. */
function resolve(description: Description, pointer: string): string {
  const schema = follow(description, pointer);
  return isObject(schema) && typeof schema.$ref === 'string' ? resolve(description, schema.$ref) : pointer;
}

function faultOf(
  { instancePath, message = 'is wrong', params, keyword }: ErrorObject,
  { schema, pointer }: { schema: Json; pointer: string },
  at: string,
): Fault {
  const allowed: unknown = keyword === 'enum' ? `: ${JSON.stringify(params.allowedValues)}` : '';
  // What Ajv was given instead of `nullable` has keywords of its own.
  const rule = isObject(schema) && Object.hasOwn(schema, keyword) ? keyword : 'nullable';
  return { at: `${at}${instancePath}`, message: `${message}${allowed}`, pointer: `${pointer}/${rule}` };
}

/** @param name such as `POST /repos/{owner}/{repo}/pulls` */
export function operationNamed(description: Description, name: string): Operation | undefined {
  const [method = '', path = ''] = name.split(' ');
  const item = description.paths[path]?.[method.toLowerCase()];
  if (!isObject(item)) return undefined;
  return { name, pointer: `#/paths/${pointerStep(path)}/${method.toLowerCase()}`, item };
}
