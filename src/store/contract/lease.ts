/** A worker's claim; every write under it compares the fence in its own transaction. */
export interface Lease {
  id: string;
  fence: number;
}

/** The row's fence moved on: somebody else works on it, and this worker must stop without another write. */
export class FenceLost extends Error {
  override readonly name = 'FenceLost';
}
