import type { EffectKind, RequestOf } from '../effect-kind.ts';

export const commentDeletion: EffectKind<RequestOf<'comment_deletion'>> = {
  charge: false,
  async send({ repository, commentId }, { writes }) {
    await writes.deleteComment(repository, commentId);
    return { id: commentId, number: null, url: null };
  },
  look: null,
};
