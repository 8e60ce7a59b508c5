/** The data directory as the sweep sees it. */
export interface Disk {
  /** Every folder where a workspace could be, whole or half made. */
  workspaces(): Promise<readonly WorkspaceFolder[]>;
  /** `usedAt`: when the last fetch into it ended, by the file system's clock, 0: none did; only compared with others. */
  mirrors(): Promise<readonly RepositoryFolder[]>;
  /** Whether a process that was killed left a mirror or a kept tree half removed. */
  hasHalfRemoved(): Promise<boolean>;
  /** The files of repositories that wait for their next task; `usedAt`: since when. */
  keptTrees(): Promise<readonly RepositoryFolder[]>;
  /**
   * What folders take of the disk, in bytes and in their order: blocks, not lengths; a file with several names once; links are
   * not followed and other file systems not entered. A folder that is not there takes nothing; what several share counts for
   * one of them at least.
   */
  sizes(paths: readonly string[]): Promise<readonly DiskSize[]>;
  /** Bytes that the file system has left for us. */
  freeBytes(): Promise<number>;
  /** So many of them as it has files left for, which can be used up first. */
  freeForFiles(): Promise<number>;
}

export interface DiskSize {
  /** null: it could not be measured in time. */
  bytes: number | null;
  /** False: what could not be read is left out. */
  whole: boolean;
}

/** A mirror, or a kept tree: a repository has one of each at most. */
export interface RepositoryFolder {
  repositoryId: number;
  path: string;
  usedAt: number;
}

export interface WorkspaceFolder {
  path: string;
  fleetId: string;
  /** owner/name, as the plan has it. */
  folder: string;
}
