/** Something that is about to leave the machine. */
export interface LeavingText {
  /** Of the file in its repository; rules that are for certain files look at it. */
  path: string;
  content: Uint8Array;
}

/** A secret by its shape. */
export interface FoundSecret {
  path: string;
  /** 1-based. */
  line: number;
  /** Completes "holds what looks like …". */
  kind: string;
  /** Only to tell whether it is new: never for a message, a log or the store. */
  value: string;
}

/** Looks for secrets by a kept set of rules. */
export interface SecretScan {
  /**
   * What the texts hold that looks like a secret, in their order; nothing in a text can turn a rule off.
   * Throws TaskFailure('too_large') for what cannot be searched in bounded time and memory, TaskFailure('cancelled') when aborted.
   */
  find(texts: readonly LeavingText[], options?: { signal?: AbortSignal | undefined }): Promise<FoundSecret[]>;
}
