/** A file of an index of git, with what git noted of it when it had written it. */
export interface IndexEntry {
  /** latin1: a character is a byte. */
  path: string;
  /** A folder, in which a submodule would be. */
  submodule: boolean;
  /** The lower 32 bits of its inode's number. */
  ino: number;
  /** As `Stats.ctimeMs`. */
  ctimeMs: number;
}

/**
 * Entries in the order of the index. Source: gitformat-index(5).
 * @throws Error for what is no index of version 2, which git writes unless it is told otherwise, and RangeError for half of one
 */
export function readIndexEntries(index: Buffer): IndexEntry[] {
  if (index.toString('latin1', 0, 4) !== 'DIRC') throw new Error('This is no index of git.');
  const version = index.readUInt32BE(4);
  if (version !== 2) throw new Error(`Entries of an index of version ${version} cannot be read.`);
  const entries: IndexEntry[] = [];
  let at = 12;
  for (let left = index.readUInt32BE(8); left > 0; left -= 1) {
    const ctimeMs = index.readUInt32BE(at) * 1000 + index.readUInt32BE(at + 4) / 1_000_000;
    const ino = index.readUInt32BE(at + 20);
    const submodule = index.readUInt32BE(at + 24) >>> 12 === SUBMODULE;
    const end = index.indexOf(0, at + PATH);
    if (end === -1) throw new RangeError('An index ends within an entry.');
    entries.push({ path: index.toString('latin1', at + PATH, end), submodule, ino, ctimeMs });
    // One to eight NULs end a path, so that the next entry begins at a multiple of eight.
    at += (end - at + 8) & ~7;
  }
  return entries;
}

/** Where the path of an entry begins, behind ten numbers, a SHA-1 and two bytes of flags. */
const PATH = 62;
/** Its type of object, in the upper four bits of the mode. */
const SUBMODULE = 0o16;
