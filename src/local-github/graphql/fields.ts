import { GraphQLError, type GraphQLFieldResolver } from 'graphql';
import type { z } from 'zod';
import type { Actor } from '../actor.ts';
import type { Context } from '../context.ts';
import type { Repository } from '../state/records.ts';

/** One object of an answer: field name → value, or a function of the field's arguments (parsed by `taking`). */
export interface Fields {
  readonly __typename: string;
  readonly [field: string]: unknown;
}

/** What the objects of one request share. */
export interface Scope {
  readonly context: Context;
  readonly actor: Actor;
  /** Of any repository record; null when the actor may not know of it. */
  repository(record: Repository): Fields | null;
}

/** A field with arguments. The schema has checked them already; this gives them their types. */
export function taking<A>(schema: z.ZodType<A>, resolve: (args: A) => unknown): (args: unknown) => unknown {
  return (args) => resolve(schema.parse(args));
}

function isFields(source: unknown): source is Readonly<Record<string, unknown>> {
  return typeof source === 'object' && source !== null;
}

/** A field that no object provides is an error, never a silent null. */
export const resolveField: GraphQLFieldResolver<unknown, unknown> = (source, args, _context, info) => {
  const value = isFields(source) ? source[info.fieldName] : undefined;
  if (value === undefined) {
    throw new GraphQLError(`The local GitHub does not answer ${info.parentType.name}.${info.fieldName}`);
  }
  return typeof value === 'function' ? value(args) : value;
};
