import { readMarker } from '../core/render/marker.ts';
import type { FoundText } from '../ports/github-writes.ts';
import type { EffectResult } from '../store/contract/effects.ts';
import type { LookAt } from './effect-kind.ts';

/** The oldest text that this effect made: its marker on the first line, our bot's hand, not before the intent. */
export function markedText(texts: readonly FoundText[], { effectId, botId, since }: LookAt): EffectResult | undefined {
  const ours = texts.filter(
    (text) => text.authorId === botId && text.createdAt >= since && readMarker(text.body) === effectId,
  );
  const oldest = ours.toSorted((a, b) => a.id - b.id)[0];
  return oldest === undefined ? undefined : { id: oldest.id, number: oldest.number, url: oldest.url };
}
