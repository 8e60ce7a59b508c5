import type { EffectKind, RequestOf } from '../effect-kind.ts';

/** The body comes with the marker of the effect that created the comment; sent as it is. */
export const commentEdit: EffectKind<RequestOf<'comment_edit'>> = {
  charge: true,
  async send({ repository, commentId, body }, { writes }) {
    const { id, url } = await writes.updateComment(repository, commentId, body);
    return { id, number: null, url };
  },
  look: null,
};
