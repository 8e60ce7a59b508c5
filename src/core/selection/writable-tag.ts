import { topicOf } from './match-tag.ts';

/** What is written on GitHub so that selection finds the tag. */
export type TagTarget =
  | { kind: 'topic'; topic: string }
  /** @property alone the tag has no value of its own: it means a true one */
  | { kind: 'property'; name: string; value: string; alone: boolean };

export type WritableTag = { ok: true; target: TagTarget } | { ok: false; problem: string; remedy: string };

/** GitHub's rule for topics: docs.github.com/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/classifying-your-repository-with-topics */
const TOPIC = /^[a-z0-9][a-z0-9-]{0,49}$/;
/** GitHub's rules for properties: docs.github.com/organizations/managing-organization-settings/managing-custom-properties-for-repositories-in-your-organization */
const PROPERTY_NAME = /^[A-Za-z0-9_$#-]{1,75}$/;
const PROPERTY_VALUE = /^(?! )[\x20\x21\x23-\x7e]{1,75}(?<! )$/;

/**
 * What a tag is on GitHub: `k:v` is the topic `k-v`, or with `property` the custom property `k` with value `v`; one without
 * colon is the topic, or the property with value `true`. `topic:` and `property:` in front of it say which of the two.
 * Whatever is accepted is found by compileTag once it is written.
 */
export function writableTag(tag: string, { property }: { property: boolean }): WritableTag {
  const text = tag.trim();
  const strict = /^(topic|property):/i.exec(text)?.[1]?.toLowerCase();
  if (strict === 'topic' && property) {
    return refused(`\`${text}\` says topic, and --property says custom property`, 'Leave one of the two out.');
  }
  const rest = strict === undefined ? text : text.slice(strict.length + 1);
  return property || strict === 'property' ? writableProperty(rest) : writableTopic(rest);
}

function writableTopic(tag: string): WritableTag {
  const topic = topicOf(`topic:${tag}`);
  if (TOPIC.test(topic)) return { ok: true, target: { kind: 'topic', topic } };
  const rule = 'a topic is 1 to 50 of a-z, 0-9 and `-`, and begins with a letter or a digit';
  const way = 'Choose another tag, or write it as a custom property with --property.';
  return refused(`\`${tag}\` cannot be a topic: ${rule}`, way);
}

function writableProperty(tag: string): WritableTag {
  const colon = tag.indexOf(':');
  const alone = colon < 0;
  const name = alone ? tag : tag.slice(0, colon);
  const value = alone ? 'true' : tag.slice(colon + 1);
  if (!PROPERTY_NAME.test(name)) {
    const rule = 'its name is 1 to 75 of letters, digits, `_`, `-`, `$` and `#`';
    return refused(`\`${name}\` cannot be a custom property: ${rule}`, 'Write `name:value`.');
  }
  if (!PROPERTY_VALUE.test(value)) {
    const rule = 'it is 1 to 75 printable ASCII characters without `"`, and no space at its ends';
    return refused(`\`${value}\` cannot be the value of a custom property: ${rule}`, 'Write `name:value`.');
  }
  return { ok: true, target: { kind: 'property', name, value, alone } };
}

function refused(problem: string, remedy: string): WritableTag {
  return { ok: false, problem, remedy };
}

/** `topic platform-my-app`, `property tier=gold` */
export function targetText(target: TagTarget): string {
  return target.kind === 'topic' ? `topic ${target.topic}` : `property ${target.name}=${target.value}`;
}
