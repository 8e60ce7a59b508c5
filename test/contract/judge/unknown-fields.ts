import { type Description, follow, isObject, type Json, type JsonObject, pointerStep } from '../kept/description.ts';
import type { Fault } from './contract.ts';

/** A schema with the pointer to it. */
interface Place {
  schema: JsonObject;
  pointer: string;
}

/**
 * Fields that the description does not name. It does not forbid any, so a misspelt field would pass; only where it says
 * `additionalProperties`, or names no field at all, everything goes. Of alternatives, a field of any is a known one.
 * @param pointer to the value's schema. @param at what the paths of the faults begin with
 */
export function findUnknownFields(description: Description, pointer: string, value: unknown, at: string): Fault[] {
  return look(description, placesAt(description, pointer), value, at);
}

function look(description: Description, places: readonly Place[], value: unknown, at: string): Fault[] {
  if (Array.isArray(value)) {
    const items = places.flatMap((place) => inner(description, place, 'items'));
    return value.flatMap((one, index) => look(description, items, one, `${at}/${index}`));
  }
  if (typeof value !== 'object' || value === null || places.length === 0) return [];
  const shapes = places.filter(({ schema }) => isObject(schema.properties));
  const open =
    shapes.length === 0 ||
    places.some(({ schema }) => schema.additionalProperties !== undefined && schema.additionalProperties !== false);
  return Object.entries(value).flatMap(([name, one]) => {
    const known = shapes.flatMap((place) => property(description, place, name));
    if (known.length > 0) return look(description, known, one, `${at}/${name}`);
    if (open) return [];
    const pointer = `${shapes[0]?.pointer}/properties`;
    return [{ at: `${at}/${name}`, message: 'is a field that GitHub does not know', pointer }];
  });
}

function property(description: Description, { schema, pointer }: Place, name: string): Place[] {
  const properties = isObject(schema.properties) ? schema.properties : {};
  if (!Object.hasOwn(properties, name)) return [];
  return expand(description, properties[name], `${pointer}/properties/${pointerStep(name)}`);
}

function inner(description: Description, { schema, pointer }: Place, keyword: string): Place[] {
  return expand(description, schema[keyword], `${pointer}/${keyword}`);
}

const known = new WeakMap<Description, Map<string, Place[]>>();

function placesAt(description: Description, pointer: string): Place[] {
  const places = known.get(description) ?? new Map<string, Place[]>();
  known.set(description, places);
  const found = places.get(pointer) ?? expand(description, follow(description, pointer), pointer);
  places.set(pointer, found);
  return found;
}

/** The schema and everything that it is made of: references, all parts, every alternative. */
function expand(description: Description, schema: Json | undefined, pointer: string): Place[] {
  if (!isObject(schema)) return [];
  if (typeof schema.$ref === 'string') return placesAt(description, schema.$ref);
  const parts = ['allOf', 'anyOf', 'oneOf'].flatMap((keyword) => {
    const list = schema[keyword];
    return Array.isArray(list)
      ? list.flatMap((one: Json, index) => expand(description, one, `${pointer}/${keyword}/${index}`))
      : [];
  });
  return [{ schema, pointer }, ...parts];
}
