import { expect, test } from 'vitest';
import { RehearseError } from '../../src/rehearse/options.ts';
import { parseRehearseFile, refuseUnknownRepositories } from '../../src/rehearse/rehearse-file.ts';

const check = (text: string) => () => refuseUnknownRepositories(parseRehearseFile(text), ['api', 'web']);

test('a repository that is not in the folder is refused with the nearest one, or with what there is', () => {
  expect(check('repositories: { ap: {}, api: {}, billing: {} }')).toThrow(RehearseError);
  expect(check('repositories: { ap: {}, api: {}, billing: {} }')).toThrow(
    'not in the folder:\n  repositories.ap: did you mean api?\n  repositories.billing: there are api, web',
  );
});

test('every one that is there is taken, also none', () => {
  for (const text of ['', 'repositories: { web: { archived: true }, api: {} }']) expect(check(text)).not.toThrow();
});
