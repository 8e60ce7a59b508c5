/** A live mention, the only one that Flotilla writes: of the person on whose permission the fleet runs. */
import type { Moment } from '../notifications/moments.ts';
import type { Person, Plan } from '../plan.ts';
import { repositories } from './amounts.ts';

/** `@mona`; empty where nobody asked for it, and for bots. Logins have no other characters, of managed users an underscore. */
export function mentionOf({ plan, runAs }: { plan: Pick<Plan, 'notify'>; runAs: Person }): string {
  return plan.notify.mention && /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/.test(runAs.login) ? `@${runAs.login}` : '';
}

/** The comment on the tracking issue when a fleet begins to wait. */
export function waitingComment(
  mention: string,
  { why }: Extract<Moment, { kind: 'waiting' }>,
  targets: number,
): string {
  switch (why) {
    case 'plan':
      return `${mention} the plan for ${repositories(targets)} waits for approval: what can be done now stands above.`;
    case 'wave':
      return `${mention} the fleet waits: its next wave needs approval. What can be done now stands above.`;
    case 'halted':
      return `${mention} the fleet waits: too many of its repositories failed. What can be done now stands above.`;
    case 'approvals':
      return `${mention} the fleet waits for decisions. What is asked stands above.`;
  }
}
