import type { Repository } from '../plan.ts';

export type TagSubject = Pick<Repository, 'topics' | 'customProperties'>;

/**
 * A test for one tag. `k:v` is the topic `k-v` or the custom property `k` with value `v` (a multi-select that
 * contains it); a tag without colon is a topic or a true boolean property. `topic:…` and `property:…` look at one of
 * the two only. Case does not count.
 */
export function compileTag(tag: string): (repository: TagSubject) => boolean {
  const wanted = tag.trim().toLowerCase();
  const topic = strictPart(wanted, 'topic:');
  if (topic !== undefined) return hasTopic(topic);
  const property = strictPart(wanted, 'property:');
  if (property !== undefined) return hasProperty(property);
  const byTopic = hasTopic(wanted);
  const byProperty = hasProperty(wanted);
  return (repository) => byTopic(repository) || byProperty(repository);
}

/** The topic that a tag stands for: GitHub's topics have no colon. */
export const topicOf = (tag: string): string =>
  tag
    .trim()
    .toLowerCase()
    .replace(/^topic:/, '')
    .replaceAll(':', '-');

function strictPart(tag: string, prefix: string): string | undefined {
  return tag.startsWith(prefix) ? tag.slice(prefix.length) : undefined;
}

function hasTopic(tag: string): (repository: TagSubject) => boolean {
  const topic = tag.replaceAll(':', '-');
  return ({ topics }) => topics.some((candidate) => candidate.toLowerCase() === topic);
}

function hasProperty(tag: string): (repository: TagSubject) => boolean {
  const colon = tag.indexOf(':');
  const key = colon < 0 ? tag : tag.slice(0, colon);
  // GitHub gives the values of true/false properties as the texts `true` and `false`.
  const value = colon < 0 ? 'true' : tag.slice(colon + 1);
  const alone = colon < 0;
  return ({ customProperties }) =>
    Object.entries(customProperties).some(([name, given]) => {
      if (name.toLowerCase() !== key) return false;
      if (typeof given === 'string') return given.toLowerCase() === value;
      return !alone && given.some((one) => one.toLowerCase() === value);
    });
}
