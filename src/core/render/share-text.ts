import type { Share } from '../workflow/types.ts';

/** As a workflow writes it: `20%`, `3`. */
export const shareText = (share: Share): string => ('count' in share ? String(share.count) : `${share.percent}%`);
