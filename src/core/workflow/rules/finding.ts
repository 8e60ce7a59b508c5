import type { Beside } from '../beside.ts';
import type { Excerpt, Path } from '../read/places.ts';
import type { Workflow } from '../types.ts';

/** A fault that knows its path in the written file; the reader turns it into line and column. */
export interface Finding {
  path: Path;
  /** The key is at fault, not its value. */
  onKey?: boolean;
  /** The part of the text at `path` that is at fault. */
  excerpt?: Excerpt;
  /** The excerpt is of this file's text, beside the workflow. */
  file?: string | null;
  code: string;
  message: string;
  hint: string;
}

/** More of the same help nobody, and finding the lines of 100,000 would take minutes. */
export const MAX_FINDINGS_PER_RULE = 50;

/**
 * Written order is kept by normalization, so indexes are those of the file. What could find a fault in every word of a
 * file is a generator: after MAX_FINDINGS_PER_RULE nobody asks on.
 */
export type Rule = (workflow: Workflow, beside: Beside) => Iterable<Finding>;
