import { z } from 'zod';

/** A JSON value of the description; what stands in it is known by where it stands. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

const json: z.ZodType<Json> = z.json();
const jsonObject = z.record(z.string(), json);

const descriptionShape = z.object({
  openapi: z.string(),
  info: z.looseObject({ version: z.string() }),
  paths: z.record(z.string(), jsonObject),
  'x-webhooks': z.record(z.string(), jsonObject),
  components: z.record(z.string(), jsonObject),
});

/** GitHub's OpenAPI description, or a cut of it: both have the same shape and the same JSON pointers. */
export interface Description {
  openapi: string;
  /** Of the npm package `@octokit/openapi`. */
  version: string;
  /** Template → method in lower case → operation. */
  paths: Readonly<Record<string, JsonObject>>;
  /** Name such as `issues-opened` → `post` → operation. */
  webhooks: Readonly<Record<string, JsonObject>>;
  /** `schemas`, `parameters`, `responses` … → name → component. */
  components: Readonly<Record<string, JsonObject>>;
}

/** @param text JSON. @throws ZodError when it is no description */
export function parseDescription(text: string): Description {
  const { openapi, info, paths, 'x-webhooks': webhooks, components } = descriptionShape.parse(JSON.parse(text));
  return { openapi, version: info.version, paths, webhooks, components };
}

/** As GitHub writes it, so that pointers into it are pointers into the original. */
export function printDescription({ openapi, version, paths, webhooks, components }: Description): string {
  return `${JSON.stringify({ openapi, info: { version }, paths, 'x-webhooks': webhooks, components }, null, 1)}\n`;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One step of a JSON pointer, escaped by RFC 6901. */
export const pointerStep = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** The steps of `#/paths/~1app`: `paths`, `/app`. @throws Error when it does not begin at the root */
export function stepsOf(pointer: string): string[] {
  const [root, ...steps] = pointer.split('/');
  if (root !== '#') throw new Error(`${pointer} is no pointer into a description.`);
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What a pointer such as `#/components/schemas/issue` leads to. @throws Error when it leads nowhere */
export function follow(description: Description, pointer: string): Json {
  const { paths, webhooks, components } = description;
  let value: Json | undefined = { paths, 'x-webhooks': webhooks, components };
  for (const step of stepsOf(pointer)) {
    if (Array.isArray(value)) value = value[Number(step)];
    else value = isObject(value) ? value[step] : undefined;
  }
  if (value === undefined) throw new Error(`${pointer} leads nowhere in GitHub's description ${description.version}.`);
  return value;
}
