import { follow, isObject, pointerStep } from '../kept/description.ts';
import { type Contract, type Fault, operationNamed } from './contract.ts';
import { unknownOperation } from './judge-request.ts';
import { parseJson } from './parse-json.ts';
import { findUnknownFields } from './unknown-fields.ts';

/** An answer of the REST API. */
export interface JudgedAnswer {
  /** `GET /repos/{owner}/{repo}`; undefined where no route took the request. */
  operation: string | undefined;
  status: number;
  contentType: string | undefined;
  body: string;
  /** Of the request. */
  accept: string;
}

/**
 * What GitHub answers to any request without saying so at each operation: broken JSON, missing or bad credentials, no
 * access, invisible, a renamed repository, invalid, limited. Its own failures a test has to order.
 * Sources: https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api, and for 301 and 307
 * https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api, "Follow redirects".
 */
const EVERYWHERE = new Set([301, 304, 307, 400, 401, 403, 404, 422, 429]);
/** Asked for by name, and no JSON: https://docs.github.com/rest/using-the-rest-api/getting-started-with-the-rest-api */
const TEXTS = /application\/vnd\.github\.(v3\.)?(raw|diff|patch|sha)\b/;
const BASIC_ERROR = '#/components/schemas/basic-error';
const VALIDATION_ERRORS = ['#/components/schemas/validation-error', '#/components/schemas/validation-error-simple'];

/** Everything in which an answer differs from what GitHub's description promises. */
export function judgeAnswer(contract: Contract, answer: JudgedAnswer): Fault[] {
  const { operation: name, status, body } = answer;
  if (name === undefined) return status === 404 ? judgeError(contract, answer) : [unknownOperation('this request')];
  const operation = operationNamed(contract.description, name);
  if (operation === undefined) return [unknownOperation(name)];
  const responses = `${operation.pointer}/responses`;
  const documented = isObject(operation.item.responses) ? operation.item.responses[String(status)] : undefined;
  if (!isObject(documented)) {
    if (!EVERYWHERE.has(status)) return [{ at: 'status', message: `${status} is not promised`, pointer: responses }];
    return status === 304 ? expectEmpty(body, responses) : judgeError(contract, answer);
  }
  const pointer = typeof documented.$ref === 'string' ? documented.$ref : `${responses}/${status}`;
  const response = follow(contract.description, pointer);
  const content = isObject(response) && isObject(response.content) ? response.content : undefined;
  if (content === undefined) return status >= 400 ? judgeError(contract, answer) : expectEmpty(body, pointer);
  const faults = judgeContent(contract, pointer, Object.keys(content), answer);
  return status >= 400 ? [...faults, ...expectMessage(parseJson(body))] : faults;
}

function judgeContent(contract: Contract, pointer: string, types: readonly string[], answer: JudgedAnswer): Fault[] {
  const { contentType, body, accept } = answer;
  const type = contentType?.split(';')[0] ?? '';
  if (type !== 'application/json') {
    if (TEXTS.test(accept)) return [];
    return [{ at: 'content-type', message: `${type || 'none'} is not promised`, pointer: `${pointer}/content` }];
  }
  const json = types.find((one) => one === type) ?? types.find((one) => one.endsWith('json'));
  if (json === undefined)
    return [{ at: 'content-type', message: `${type} is not promised`, pointer: `${pointer}/content` }];
  const schema = `${pointer}/content/${pointerStep(json)}/schema`;
  const value = parseJson(body);
  if (value === undefined) return [{ at: 'answer', message: 'is no JSON', pointer: schema }];
  return [
    ...contract.check(schema, value, 'answer'),
    ...findUnknownFields(contract.description, schema, value, 'answer'),
  ];
}

function judgeError(contract: Contract, { contentType, body }: JudgedAnswer): Fault[] {
  const value = parseJson(body);
  if (value === undefined || !contentType?.startsWith('application/json')) {
    return [{ at: 'answer', message: 'is an error that is no JSON', pointer: BASIC_ERROR }];
  }
  const shapes = 'errors' in Object(value) ? VALIDATION_ERRORS : [BASIC_ERROR];
  const readings = shapes.map((shape) => [
    ...contract.check(shape, value, 'answer'),
    ...findUnknownFields(contract.description, shape, value, 'answer'),
  ]);
  const faults = readings.find((one) => one.length === 0) ?? readings[0] ?? [];
  return [...faults, ...expectMessage(value)];
}

/** The description calls every field of an error optional; GitHub's always have a message. */
function expectMessage(value: unknown): Fault[] {
  if (typeof Object(value).message === 'string') return [];
  return [{ at: 'answer/message', message: 'is missing', pointer: BASIC_ERROR }];
}

function expectEmpty(body: string, pointer: string): Fault[] {
  return body === '' ? [] : [{ at: 'answer', message: 'has a body where GitHub sends none', pointer }];
}
