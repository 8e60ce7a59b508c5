import type { Command } from '../request.ts';
import { type BoxMeaning, nodeOf } from './box.ts';

/** What a person would write instead. */
export function commandOfBox(means: BoxMeaning, fleet: string): Command {
  switch (means) {
    case 'approve:plan':
      return { verb: 'approve', fleet, on: 'plan' };
    case 'approve:gate':
      return { verb: 'approve', fleet, on: 'gate' };
    case 'cancel':
      return { verb: 'cancel', fleet };
    case 'retry':
      return { verb: 'retry', fleet };
    default:
      return { verb: 'approve', fleet, node: nodeOf(means) ?? '', decision: 'approve' };
  }
}
