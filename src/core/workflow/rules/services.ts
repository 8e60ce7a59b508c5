import { repositoryGlobProblem } from '../../selection/repository-glob.ts';
import type { Path } from '../read/places.ts';
import type { ServiceEntry } from '../types.ts';
import type { Finding, Rule } from './finding.ts';

export const services: Rule = ({ services: entries, siblings, exclude }) => [
  ...(Array.isArray(entries) ? entries.flatMap((entry, index) => checkEntry(entry, ['services', index])) : []),
  ...siblings.flatMap((entry, index) => checkEntry(entry, ['siblings', index])),
  ...exclude.flatMap((glob, index) => checkGlob(glob, ['exclude', index])),
];

/** @param path of the entry */
export function checkEntry(entry: ServiceEntry, path: Path): Finding[] {
  const findings = [...checkSelection(entry, path), ...checkSelection(entry.not, [...path, 'not'])];
  if (entry.tag.length + entry.names.length + entry.match.length > 0) return findings;
  const message = 'This entry selects nothing.';
  const hint = 'Add `tag`, `names` or `match`; `not` only takes away from them.';
  return [{ path, code: 'empty_entry', message, hint }, ...findings];
}

function checkSelection({ tag, names, match }: ServiceEntry['not'], path: Path): Finding[] {
  return [
    ...tag.flatMap((one, index) => checkTag(one, [...path, 'tag', index])),
    ...names.flatMap((one, index) => checkName(one, [...path, 'names', index])),
    ...match.flatMap((one, index) => checkGlob(one, [...path, 'match', index])),
  ];
}

/** GitHub: small letters, digits and `-`, a letter or digit first, 50 characters at most. Comparisons ignore case. */
const isTopic = (text: string): boolean => /^[a-z0-9][a-z0-9-]{0,49}$/i.test(text);
/** GitHub: letters, digits, `_ - $ #`, 75 characters at most; values are printable ASCII without `"`, 75 at most. */
const isPropertyName = (text: string): boolean => /^[\w$#-]{1,75}$/.test(text);
const isPropertyValue = (text: string): boolean => /^[ !#-~]{1,75}$/.test(text);

function checkTag(tag: string, path: Path): Finding[] {
  if (canExist(tag)) return [];
  const hint =
    'A topic has small letters, digits and `-` (50 at most); a tag `name:value` is the topic `name-value` or the custom property `name` with that value.';
  const message = `The tag \`${tag.slice(0, 80)}\` can be neither a topic nor a custom property.`;
  return [{ path, code: 'tag', message, hint }];
}

function canExist(tag: string): boolean {
  const colon = tag.indexOf(':');
  if (colon === -1) return isTopic(tag) || isPropertyName(tag);
  const name = tag.slice(0, colon);
  const value = tag.slice(colon + 1);
  if (name === 'topic') return isTopic(value.replaceAll(':', '-'));
  if (name === 'property') return isProperty(value);
  return isTopic(tag.replaceAll(':', '-')) || (isPropertyName(name) && isPropertyValue(value));
}

function isProperty(text: string): boolean {
  const end = text.indexOf(':');
  if (end === -1) return isPropertyName(text);
  return isPropertyName(text.slice(0, end)) && isPropertyValue(text.slice(end + 1));
}

function checkName(name: string, path: Path): Finding[] {
  if (/^(?:[A-Za-z0-9][A-Za-z0-9-]{0,99}\/)?[\w.-]{1,100}$/.test(name)) return [];
  const message = `\`${name.slice(0, 80)}\` cannot be the name of a repository.`;
  const hint = name.includes('*') ? 'Globs go under `match`.' : 'Write service-api or acme/service-api.';
  return [{ path, code: 'repository_name', message, hint }];
}

function checkGlob(glob: string, path: Path): Finding[] {
  const problem = repositoryGlobProblem(glob);
  if (problem === undefined) return [];
  const message = `The glob \`${glob.slice(0, 80)}\` is refused: ${problem}.`;
  const hint = glob.startsWith('!')
    ? 'Put what should be left out under `not` of this entry, or under `exclude`.'
    : 'Write owner/name with `*`, for example "acme/service-*".';
  return [{ path, code: 'glob', message, hint }];
}
