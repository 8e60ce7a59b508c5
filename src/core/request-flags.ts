/** Flags of a command that asks for a fleet; lists keep the order in which they were given. */
export interface RequestFlags {
  plan: boolean;
  tag: readonly string[];
  match: readonly string[];
  repo: readonly string[];
  exclude: readonly string[];
  parallel: number | null;
  draft: boolean;
  again: boolean;
  /** Everything runs and nothing is pushed. */
  preview: boolean;
}
