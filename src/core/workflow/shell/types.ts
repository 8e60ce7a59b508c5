/** What of a shell program matters for quoting. Offsets are those of the program's text. */
export interface Shell {
  /** Those of substitutions before the command that they are part of. */
  commands: ShellCommand[];
  /** Every variable that the shell itself reads, but those in arithmetic. */
  uses: ShellUse[];
  /** Texts that the shell evaluates as arithmetic, in `$(( ))`, `(( ))` and `$[ ]`. */
  arithmetic: ShellRange[];
}

export interface ShellRange {
  offset: number;
  length: number;
}

export interface ShellUse extends ShellRange {
  name: string;
  /** As written: `$NAME` or `${NAME...}`. */
  raw: string;
  /** The shell splits the value into words and expands patterns in it. */
  splits: boolean;
  /** `${NAME:-...}` and the like: the author has thought of it being unset. */
  hasDefault: boolean;
}

export interface ShellCommand {
  words: ShellWord[];
}

export interface ShellWord extends ShellRange {
  /** As written, quotes included. */
  text: string;
}
