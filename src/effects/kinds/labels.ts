import type { EffectKind, RequestOf } from '../effect-kind.ts';

/** Adding what is there changes nothing. */
export const labels: EffectKind<RequestOf<'labels'>> = {
  charge: false,
  async send({ repository, number, labels: names }, { writes }) {
    await writes.addLabels(repository, number, names);
    return { id: null, number, url: null };
  },
  look: null,
};
