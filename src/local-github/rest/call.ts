import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError, type FieldError, validationFailed } from '../api-error.ts';
import type { Context } from '../context.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What a handler answers; without a body the answer is empty. A text or bytes are sent as they are, with their content type. */
export interface Answer {
  status: number;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
}

/** A request before anything about it is believed. */
export interface RawCall {
  context: Context;
  request: FastifyRequest;
  path: Readonly<Record<string, string>>;
  query: unknown;
  /** The parsed JSON; undefined without a body. @throws ApiError 400 for broken JSON */
  readBody(): unknown;
  /** The media type that was asked for, e.g. `raw`, `diff`; undefined for JSON. */
  media: 'raw' | 'diff' | 'patch' | 'sha' | undefined;
}

/** A text that was asked for by its media type. */
export function textAnswer(media: 'diff' | 'patch' | 'sha', body: string): Answer {
  return { status: 200, body, headers: { 'content-type': `application/vnd.github.${media}; charset=utf-8` } };
}

/** For routes without query parameters. */
export const noQuery = z.strictObject({});
/** For routes that take no body; an empty object is what some clients send. */
export const noBody = z.strictObject({}).optional();

/**
 * Unknown fields, missing fields and wrong types become GitHub's 422.
 * @param resource names it in every error; null where GitHub's errors are plain sentences
 */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown, resource: string | null): T {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap((issue) => describe(issue, input, resource ?? ''));
  throw validationFailed(...(resource === null ? errors.map(sentenceOf) : errors));
}

const sentenceOf = ({ field = 'body', code, message }: FieldError): string => `${field}: ${message ?? code}`;

function describe(issue: z.core.$ZodIssue, input: unknown, resource: string): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      resource,
      field: [...issue.path, key].join('.'),
      code: 'invalid',
      message: `"${key}" is not a permitted key.`,
    }));
  }
  const value = issue.path.reduce<unknown>(
    (inner, key) => (inner !== null && typeof inner === 'object' ? Reflect.get(inner, key) : undefined),
    input,
  );
  const field = issue.path.join('.');
  if (value === undefined) return [{ resource, field, code: 'missing_field' }];
  return [{ resource, field, code: 'invalid', message: issue.message }];
}

/** @throws ApiError 404 for path values that are no numbers */
export function numberIn(value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw new ApiError(404, 'Not Found');
  return Number(value);
}
