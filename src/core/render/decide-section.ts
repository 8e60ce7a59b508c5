/** The boxes that can be ticked while a fleet waits for a person. */
import { boxLine } from '../checkbox/box.ts';
import { openBoxes } from '../checkbox/open-boxes.ts';
import type { TrackingIssueFacts } from './views.ts';

/** Empty unless the fleet waits; at most about a thousand UTF-16 units. */
export function decideSection(facts: TrackingIssueFacts): string {
  const boxes = openBoxes({ ...facts, gatesClosed: facts.gates.length });
  if (boxes.length === 0) return '';
  const lines = boxes.map((box) => boxLine(box, box.label));
  return `### Decide here\n\nTick one box, which is the same as the command in a comment:\n\n${lines.join('\n')}`;
}
