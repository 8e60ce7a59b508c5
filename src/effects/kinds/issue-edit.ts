import type { EffectKind, RequestOf } from '../effect-kind.ts';

/** The body comes with the marker of the effect that created the issue; sent as it is. */
export const issueEdit: EffectKind<RequestOf<'issue_edit'>> = {
  charge: true,
  send({ repository, number, title, body, state, stateReason }, { writes }) {
    return writes.updateIssue(repository, number, {
      ...(title === undefined ? {} : { title }),
      ...(body === undefined ? {} : { body }),
      ...(state === undefined ? {} : { state }),
      ...(stateReason === undefined ? {} : { stateReason }),
    });
  },
  look: null,
};
