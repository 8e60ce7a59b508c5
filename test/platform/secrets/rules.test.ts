import { rules as recommended } from '@secretlint/secretlint-rule-preset-recommend';
import { expect, it } from 'vitest';
import { rules } from '../../../src/platform/secrets/rules.ts';

it('uses every rule of the set but the two that files could use against it', () => {
  const used = new Set(rules.map(({ id }) => id));
  const left = recommended.map(({ meta }) => meta.id).filter((id) => !used.has(id));
  expect(left.sort()).toEqual(['@secretlint/secretlint-rule-filter-comments', '@secretlint/secretlint-rule-gcp']);
});
