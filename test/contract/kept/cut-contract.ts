import { type Description, follow, isObject, type Json, type JsonObject } from './description.ts';

/** What carries meaning for people alone; it changes with every release and would hide the changes that count. */
const PROSE = new Set([
  'description',
  'summary',
  'example',
  'examples',
  'externalDocs',
  'tags',
  'title',
  'x-github',
  'x-octokit',
]);
/** Below these, keys are names of fields, headers and components, not keywords. */
const NAMED = new Set(['properties', 'patternProperties', 'headers', 'content', 'responses', 'schemas', 'parameters']);

/**
 * The structure of some operations and webhooks and of everything that they refer to, sorted, without prose. Pointers
 * into the cut are pointers into the original.
 * @param operations such as `GET /repos/{owner}/{repo}`
 * @param webhooks such as `issues-opened`
 * @throws Error that lists those that the description does not have
 */
export function cutContract(
  description: Description,
  operations: readonly string[],
  webhooks: readonly string[],
): Description {
  const absent = [
    ...operations.filter((operation) => operationOf(description, operation) === undefined),
    ...webhooks.filter((name) => description.webhooks[name] === undefined),
  ];
  if (absent.length > 0) throw new Error(`GitHub's description ${description.version} lacks ${absent.join(', ')}.`);
  const paths: Record<string, JsonObject> = {};
  for (const operation of operations.toSorted()) {
    const [method = '', path = ''] = operation.split(' ');
    const found = operationOf(description, operation) ?? {};
    paths[path] = sorted({ ...paths[path], [method.toLowerCase()]: strip(found, false) });
  }
  const kept = Object.fromEntries(
    webhooks.toSorted().map((name) => [name, asObject(strip(description.webhooks[name] ?? {}, false))]),
  );
  return {
    openapi: description.openapi,
    version: description.version,
    paths: sortedRecord(paths),
    webhooks: kept,
    components: reachable(description, [paths, kept]),
  };
}

/** With the parameters that the path declares for all of its methods. */
function operationOf(description: Description, operation: string): JsonObject | undefined {
  const [method = '', path = ''] = operation.split(' ');
  const item = description.paths[path];
  const found = item?.[method.toLowerCase()];
  if (item === undefined || !isObject(found)) return undefined;
  const shared = Array.isArray(item.parameters) ? item.parameters : [];
  const own = Array.isArray(found.parameters) ? found.parameters : [];
  return { ...found, parameters: [...shared, ...own] };
}

function reachable(description: Description, roots: readonly Json[]): Description['components'] {
  const kept: Record<string, Record<string, Json>> = {};
  const waiting = roots.flatMap(referencesIn);
  for (let pointer = waiting.pop(); pointer !== undefined; pointer = waiting.pop()) {
    const [, root, section, name, ...rest] = pointer.split('/');
    if (root !== 'components' || section === undefined || name === undefined || rest.length > 0) {
      throw new Error(`${pointer} is no reference to a component.`);
    }
    const known = kept[section] ?? {};
    kept[section] = known;
    if (known[name] !== undefined) continue;
    const component = strip(follow(description, pointer), false);
    known[name] = component;
    waiting.push(...referencesIn(component));
  }
  return sortedRecord(
    Object.fromEntries(Object.entries(kept).map(([section, components]) => [section, sorted(components)])),
  );
}

function referencesIn(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : referencesIn(inner),
  );
}

function strip(value: Json, keysAreNames: boolean): Json {
  if (Array.isArray(value)) return value.map((one) => strip(one, false));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => keysAreNames || !PROSE.has(key));
  return sorted(
    Object.fromEntries(
      kept.map(([key, inner]) => [
        key,
        isEnumeration(key, inner) ? inner : strip(inner, !keysAreNames && NAMED.has(key)),
      ]),
    ),
  );
}

/** Its values are data, whatever they look like. */
const isEnumeration = (key: string, value: Json): boolean =>
  (key === 'enum' || key === 'required') && Array.isArray(value);

const asObject = (value: Json): JsonObject => (isObject(value) ? value : {});
const sorted = (value: JsonObject): JsonObject => sortedRecord(value);

function sortedRecord<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
