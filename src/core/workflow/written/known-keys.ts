import { z } from 'zod';
import type { Path } from '../read/places.ts';
import { writtenWorkflow } from './written-workflow.ts';

/** Known keys of the map at a path, for the nearest name. */
export function knownKeys(path: Path): readonly string[] {
  const map = mapAt(path);
  return map === undefined ? [] : Object.keys(map.shape);
}

function mapAt(path: Path): z.ZodObject | undefined {
  let schemas: z.core.$ZodType[] = [writtenWorkflow];
  for (const part of path) schemas = schemas.flatMap((schema) => options(schema).flatMap((one) => inner(one, part)));
  return schemas.flatMap(options).find((schema) => schema instanceof z.ZodObject);
}

/** What a value of the schema can be, without its optionality. */
function options(schema: z.core.$ZodType): z.core.$ZodType[] {
  if (schema instanceof z.ZodOptional) return options(schema.unwrap());
  return schema instanceof z.ZodUnion ? schema.options.flatMap(options) : [schema];
}

function inner(schema: z.core.$ZodType, part: string | number): z.core.$ZodType[] {
  if (schema instanceof z.ZodArray) return [schema.element];
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  if (!(schema instanceof z.ZodObject)) return [];
  const value: z.core.$ZodType | undefined = schema.shape[part];
  return value === undefined ? [] : [value];
}
