const MAX_LENGTH = 200;

/** A path below the workflow's folder: no `..`, nothing hidden, nothing that a URL or a shell could read otherwise. */
export const isPathBeside = (path: string): boolean =>
  path.length <= MAX_LENGTH &&
  path.split('/').every((part) => /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(part) && !part.endsWith('.'));
