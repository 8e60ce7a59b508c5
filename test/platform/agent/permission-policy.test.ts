import { expect, it } from 'vitest';
import { answerPermission } from '../../../src/platform/agent/permission-policy.ts';

const option = (kind: 'allow_once' | 'allow_always' | 'reject_once') => ({ optionId: kind, name: kind, kind });

it('allows once, before allowing for ever', () => {
  const answer = answerPermission([option('reject_once'), option('allow_always'), option('allow_once')]);
  expect(answer.outcome).toEqual({ outcome: 'selected', optionId: 'allow_once' });
  expect(answerPermission([option('allow_always')]).outcome).toEqual({ outcome: 'selected', optionId: 'allow_always' });
});

it('cancels where nothing can be allowed', () => {
  expect(answerPermission([option('reject_once')]).outcome).toEqual({ outcome: 'cancelled' });
});
