import { rules as recommended } from '@secretlint/secretlint-rule-preset-recommend';

/** Each has a reason; every other rule of the set is used. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  // A comment in the file turns rules off: the file is written by whom the rules are for.
  '@secretlint/secretlint-rule-filter-comments',
  // Opens a file of this machine by the name that the file has in the repository; the keys it knows are private keys.
  '@secretlint/secretlint-rule-gcp',
]);

/** The rule set as configuration of its core, without what the content of a file could use against it. */
export const rules = recommended
  .filter(({ meta }) => !LEFT_OUT.has(meta.id))
  .map((rule) => ({ id: rule.meta.id, rule }));
