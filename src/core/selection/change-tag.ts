import { nearest } from '../nearest.ts';
import type { TagTarget } from './writable-tag.ts';

export type TagAction = 'tag' | 'untag';

/** A custom property as its organization defines it. */
export interface PropertyDefinition {
  name: string;
  type: 'string' | 'single_select' | 'multi_select' | 'true_false' | 'url';
  /** null: any. */
  allowedValues: readonly string[] | null;
  required: boolean;
  /** Whether people with the right on a repository may set it; else the organization's alone. */
  repositoryActors: boolean;
}

export type PropertyValue = string | readonly string[];
type Properties = Readonly<Record<string, PropertyValue>>;

export type TopicChange = { kind: 'none' } | { kind: 'write'; topics: string[] } | { kind: 'refused'; problem: string };
export type PropertyChange =
  | { kind: 'none' }
  | { kind: 'write'; before: PropertyValue | null; value: string | string[] | null }
  | { kind: 'refused'; problem: string };

type PropertyTarget = Extract<TagTarget, { kind: 'property' }>;

/** docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/classifying-your-repository-with-topics */
const MAX_TOPICS = 20;

/** The whole list, as GitHub replaces it as a whole. */
export function changeTopics(topics: readonly string[], topic: string, action: TagAction): TopicChange {
  const others = topics.filter((one) => one.toLowerCase() !== topic);
  const has = others.length < topics.length;
  if (has === (action === 'tag')) return { kind: 'none' };
  if (action === 'untag') return { kind: 'write', topics: others };
  if (others.length < MAX_TOPICS) return { kind: 'write', topics: [...others, topic] };
  const way = 'Remove one, or write the tag as a custom property with --property.';
  return { kind: 'refused', problem: `It has ${others.length} topics, and GitHub takes ${MAX_TOPICS}. ${way}` };
}

/** The property's value afterwards; null takes it away. The target is one that `definedTarget` gave. */
export function changeProperty(
  properties: Properties,
  target: PropertyTarget,
  definition: PropertyDefinition,
  action: TagAction,
): PropertyChange {
  const before = valueIn(properties, target.name);
  const given = typeof before === 'string' ? [before] : (before ?? []);
  const others = given.filter((value) => !same(value, target.value));
  const has = others.length < given.length;
  if (has === (action === 'tag')) return { kind: 'none' };
  if (definition.type === 'multi_select') {
    const values = action === 'tag' ? [...given, target.value] : others;
    if (values.length > 0) return { kind: 'write', before, value: values };
    return definition.required
      ? { kind: 'refused', problem: lastValue(definition) }
      : { kind: 'write', before, value: null };
  }
  if (action === 'tag') return { kind: 'write', before, value: target.value };
  // GitHub puts the default value in the place of a required one that is taken away.
  return { kind: 'write', before, value: definition.required && definition.type === 'true_false' ? 'false' : null };
}

function valueIn(properties: Properties, name: string): PropertyValue | null {
  return Object.entries(properties).find(([one]) => same(one, name))?.[1] ?? null;
}

export type DefinedTarget =
  | { ok: true; target: PropertyTarget; definition: PropertyDefinition }
  | { ok: false; problem: string };

/** The target in the organization's own spelling, or why it cannot be written there. */
export function definedTarget(
  target: PropertyTarget,
  definitions: readonly PropertyDefinition[],
  { owner, action }: { owner: string; action: TagAction },
): DefinedTarget {
  const definition = definitions.find(({ name }) => same(name, target.name));
  if (definition === undefined) {
    const near = nearest(
      target.name,
      definitions.map(({ name }) => name),
    );
    const meant = near === undefined ? '' : ` There is \`${near}\`.`;
    const who =
      'An owner of the organization, or who has its "custom properties" permission, defines it in the settings.';
    return { ok: false, problem: `${owner} defines no custom property \`${target.name}\`.${meant} ${who}` };
  }
  if (target.alone && definition.type === 'multi_select') {
    return { ok: false, problem: `\`${definition.name}\` takes several values: write \`${definition.name}:value\`.` };
  }
  if (action === 'untag' && definition.required && !['true_false', 'multi_select'].includes(definition.type)) {
    return { ok: false, problem: lastValue(definition) };
  }
  const value = allowedSpelling(target.value, definition);
  if (value !== undefined) {
    return { ok: true, definition, target: { ...target, name: definition.name, value } };
  }
  const allowed = allowedOf(definition)
    ?.map((one) => `\`${one}\``)
    .join(', ');
  const who = `An owner of ${owner}, or who has its "custom properties" permission, can add it.`;
  return { ok: false, problem: `\`${definition.name}\` cannot be \`${target.value}\`: it takes ${allowed}. ${who}` };
}

function lastValue({ name }: PropertyDefinition): string {
  return `\`${name}\` must have a value. Give it another one with \`fleet tag --property ${name}:value\`.`;
}

function allowedSpelling(value: string, definition: PropertyDefinition): string | undefined {
  const allowed = allowedOf(definition);
  return allowed === null ? value : allowed.find((one) => same(one, value));
}

function allowedOf({ type, allowedValues }: PropertyDefinition): readonly string[] | null {
  return type === 'true_false' ? ['true', 'false'] : allowedValues;
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
