import { follow, isObject, type Json } from '../kept/description.ts';
import type { Contract, Fault, Operation } from './contract.ts';
import { operationNamed } from './contract.ts';
import type { MatchedOperation } from './match-operation.ts';
import { parseJson } from './parse-json.ts';
import { findUnknownFields } from './unknown-fields.ts';

/** A request to the REST API. */
export interface JudgedRequest {
  operation: MatchedOperation;
  query: URLSearchParams;
  /** JSON text; undefined for none. */
  body: string | undefined;
}

interface Parameter {
  name: string;
  in: string;
  required: boolean;
  /** To its schema. */
  pointer: string;
}

/** Everything in which a request differs from what GitHub's description allows; unknown names count. */
export function judgeRequest(contract: Contract, { operation: matched, query, body }: JudgedRequest): Fault[] {
  const operation = operationNamed(contract.description, matched.name);
  if (operation === undefined) return [unknownOperation(matched.name)];
  const parameters = parametersOf(contract, operation);
  const given = (place: string) => parameters.filter((parameter) => parameter.in === place);
  return [
    ...given('path').flatMap((parameter) => judgeTexts(contract, parameter, textsOf(matched.values[parameter.name]))),
    ...given('query').flatMap((parameter) => judgeTexts(contract, parameter, query.getAll(parameter.name))),
    ...[...query.keys()]
      .filter((name) => !given('query').some((parameter) => parameter.name === name))
      .map((name) => ({
        at: `query/${name}`,
        message: 'is a parameter that GitHub does not know',
        pointer: `${operation.pointer}/parameters`,
      })),
    ...judgeBody(contract, operation, body),
  ];
}

export function unknownOperation(name: string): Fault {
  return {
    at: 'path',
    message: `${name} is no operation in the kept contract (docs/github-contract-upgrade.md, "A new operation")`,
    pointer: '#/paths',
  };
}

function parametersOf({ description }: Contract, { item, pointer }: Operation): Parameter[] {
  const list = Array.isArray(item.parameters) ? item.parameters : [];
  return list.map((written: Json, index) => {
    const reference = isObject(written) && typeof written.$ref === 'string' ? written.$ref : undefined;
    const place = reference ?? `${pointer}/parameters/${index}`;
    const found = follow(description, place);
    if (!isObject(found)) throw new Error(`${place} is no parameter.`);
    return {
      name: String(found.name),
      in: String(found.in),
      required: found.required === true,
      pointer: `${place}/schema`,
    };
  });
}

const textsOf = (text: string | undefined): string[] => (text === undefined ? [] : [text]);

/** An address holds texts: one that can be read as what the schema asks for is right. */
function judgeTexts(contract: Contract, parameter: Parameter, texts: readonly string[]): Fault[] {
  const at = `${parameter.in}/${parameter.name}`;
  const [text, ...more] = texts;
  if (text === undefined) return parameter.required ? [{ at, message: 'is required', pointer: parameter.pointer }] : [];
  if (more.length > 0) return [{ at, message: 'is given several times', pointer: parameter.pointer }];
  const number = /^-?\d+(\.\d+)?$/.test(text) ? [Number(text)] : [];
  const boolean = text === 'true' || text === 'false' ? [text === 'true'] : [];
  const readings = [text, ...number, ...boolean].map((reading) => contract.check(parameter.pointer, reading, at));
  return readings.find((faults) => faults.length === 0) ?? readings[0] ?? [];
}

function judgeBody(contract: Contract, { item, pointer }: Operation, body: string | undefined): Fault[] {
  const demanded = isObject(item.requestBody) ? item.requestBody : undefined;
  if (body === undefined) {
    return demanded?.required === true && demandsFields(contract, pointer)
      ? [{ at: 'body', message: 'is required', pointer: `${pointer}/requestBody` }]
      : [];
  }
  if (demanded === undefined) {
    return [{ at: 'body', message: 'is sent where GitHub takes none', pointer }];
  }
  const schema = `${pointer}/requestBody/content/application~1json/schema`;
  const value = parseJson(body);
  if (value === undefined) return [{ at: 'body', message: 'is no JSON', pointer: schema }];
  return [...contract.check(schema, value, 'body'), ...findUnknownFields(contract.description, schema, value, 'body')];
}

/** The description calls a body required even where every one of its fields is optional. */
function demandsFields(contract: Contract, pointer: string): boolean {
  return contract.check(`${pointer}/requestBody/content/application~1json/schema`, {}, 'body').length > 0;
}
