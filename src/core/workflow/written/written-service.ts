import { z } from 'zod';
import { texts } from './values.ts';

const selection = {
  tag: texts('Write a tag or a list of tags: platform:my-app, or [language:ts, team:backend].')
    .optional()
    .describe(
      'Topic or custom property: `platform:my-app` is the topic `platform-my-app`, or the property `platform` with that value. Of a list, all.',
    ),
  names: texts('Write names of repositories: [service-api, acme/service-worker].')
    .optional()
    .describe("Repositories by name; without an owner, the control repository's. Of a list, any."),
  match: texts('Write a glob or a list of globs: "acme/service-*".')
    .optional()
    .describe('Glob on `owner/name`, or on the name alone where it has no slash. Of a list, any.'),
};

const notSelected = z.strictObject(
  {
    tag: selection.tag.describe('Takes away what has one of these tags.'),
    names: selection.names.describe('Takes away these repositories.'),
    match: selection.match.describe('Takes away what one of these globs matches.'),
  },
  { error: 'Write a map: { tag: deprecated }.' },
);

export const writtenService = z.strictObject(
  { ...selection, not: notSelected.optional().describe('Takes away from this entry: what any of its keys matches.') },
  { error: 'Write a map with `tag`, `names` or `match`.' },
);

export type WrittenService = z.infer<typeof writtenService>;
