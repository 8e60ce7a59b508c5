const OTHER = 'other';

/**
 * Values of a label that somebody else chooses: the first `most` as they are, all later ones as `other`, so that nobody
 * can make a scrape grow without end.
 */
export function createBoundedNames(most: number): (name: string) => string {
  const known = new Set<string>();
  return (name) => {
    if (known.has(name)) return name;
    if (known.size >= most) return OTHER;
    known.add(name);
    return name;
  };
}

/** `known` as it is, anything else as `other`. */
export const oneOf = (known: readonly string[], name: string): string => (known.includes(name) ? name : OTHER);
