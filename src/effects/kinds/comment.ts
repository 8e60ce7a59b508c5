import { withMarker } from '../../core/render/marker.ts';
import type { EffectKind, RequestOf } from '../effect-kind.ts';
import { markedText } from '../marked-text.ts';

export const comment: EffectKind<RequestOf<'comment'>> = {
  charge: true,
  async send({ repository, number, body }, { writes, effectId }) {
    const { id, url } = await writes.createComment(repository, number, withMarker(body, effectId));
    return { id, number, url };
  },
  async look({ repository, number }, at) {
    return markedText(await at.writes.commentsSince(repository, number, at.since), at);
  },
};
