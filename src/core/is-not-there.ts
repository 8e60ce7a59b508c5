const CODES: readonly unknown[] = ['ENOENT', 'ENOTDIR', 'EISDIR'];

/** Whether reading a file failed because there is none: nothing, a folder, or something below a file. */
export const isNotThere = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && CODES.includes(error.code);
