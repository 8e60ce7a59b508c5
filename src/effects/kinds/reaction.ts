import type { EffectKind, RequestOf } from '../effect-kind.ts';

/** GitHub answers a repeated reaction with the one that is there. */
export const reaction: EffectKind<RequestOf<'reaction'>> = {
  charge: false,
  async send({ repository, commentId, reaction: content }, { writes }) {
    await writes.addReaction(repository, commentId, content);
    return { id: commentId, number: null, url: null };
  },
  look: null,
};
