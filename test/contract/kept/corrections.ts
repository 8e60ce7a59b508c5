import { type Description, follow, type Json, stepsOf } from './description.ts';

interface Correction {
  pointer: string;
  becomes: Json;
  reason: string;
}

const answer = (path: string, rest: string): string => `#/paths/${path}/content/application~1json/schema/${rest}`;

/** Where GitHub's description cannot be fulfilled; everything else in it binds. */
export const corrections: readonly Correction[] = [
  {
    pointer: answer('~1app~1installations/get/responses/200', 'items'),
    becomes: { $ref: '#/components/schemas/installation' },
    reason: 'The item is written out by hand, with an account that is a user and an enterprise at once.',
  },
  {
    pointer: '#/paths/~1repos~1{owner}~1{repo}~1contents~1{path}/put/responses/409/content/application~1json/schema',
    becomes: {
      anyOf: [
        { $ref: '#/components/schemas/basic-error' },
        { $ref: '#/components/schemas/repository-rule-violation-error' },
      ],
    },
    reason: 'Exactly one of two errors is asked for, and every one of the first is also one of the second.',
  },
  {
    pointer: '#/paths/~1repos~1{owner}~1{repo}~1git~1blobs/post/responses/422/content/application~1json/schema',
    becomes: {
      anyOf: [
        { $ref: '#/components/schemas/validation-error' },
        { $ref: '#/components/schemas/repository-rule-violation-error' },
      ],
    },
    reason: 'The same: whatever is the first error is the second as well.',
  },
  {
    pointer: '#/components/schemas/pull-request-simple/properties/labels/items/properties/description',
    becomes: { type: 'string', nullable: true },
    reason: 'A label without a description has null there in the label itself, in issues and in a single pull request.',
  },
];

/** @throws Error when a correction's pointer leads nowhere: GitHub changed what it corrects */
export function correct(description: Description, by: readonly Correction[] = corrections): Description {
  const { paths, webhooks, components } = structuredClone(description);
  for (const { pointer, becomes } of by) {
    follow(description, pointer);
    const steps = stepsOf(pointer);
    let place: unknown = { paths, 'x-webhooks': webhooks, components };
    for (const step of steps.slice(0, -1)) place = Object(place)[step];
    Object(place)[steps.at(-1) ?? ''] = becomes;
  }
  return { ...description, paths, webhooks, components };
}
