import type { EffectKind, RequestOf } from '../effect-kind.ts';

/** Adding what is there changes nothing. */
export const reviewers: EffectKind<RequestOf<'reviewers'>> = {
  charge: false,
  async send({ repository, number, reviewers: names }, { writes }) {
    await writes.requestReviewers(repository, number, names);
    return { id: null, number, url: null };
  },
  look: null,
};
