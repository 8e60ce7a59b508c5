import { withMarker } from '../../core/render/marker.ts';
import type { EffectKind, RequestOf } from '../effect-kind.ts';
import { markedText } from '../marked-text.ts';

export const issue: EffectKind<RequestOf<'issue'>> = {
  charge: true,
  send({ repository, title, body }, { writes, effectId }) {
    return writes.createIssue(repository, { title, body: withMarker(body, effectId) });
  },
  async look({ repository }, at) {
    return markedText(await at.writes.issuesSince(repository, at.since), at);
  },
};
