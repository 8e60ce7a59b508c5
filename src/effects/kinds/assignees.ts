import type { EffectKind, RequestOf } from '../effect-kind.ts';

/** Adding what is there changes nothing. */
export const assignees: EffectKind<RequestOf<'assignees'>> = {
  charge: false,
  async send({ repository, number, assignees: logins }, { writes }) {
    await writes.addAssignees(repository, number, logins);
    return { id: null, number, url: null };
  },
  look: null,
};
