import type { PatchStat } from '../patch.ts';
import { plural, thousands } from './amounts.ts';

/** `3 files, +10 −2` */
export function statText({ files, added, deleted }: PatchStat): string {
  return `${plural(files, 'file', 'files')}, +${thousands(added)} −${thousands(deleted)}`;
}
