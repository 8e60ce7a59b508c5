/** The data directory as the sweep sees it. */
export interface Disk {
  /** Every folder where a workspace could be, whole or half made. */
  workspaces(): Promise<readonly WorkspaceFolder[]>;
  /** `usedAt`: when it was last fetched into, read from or let go, by the file system's clock; only compared with others. */
  mirrors(): Promise<readonly { repositoryId: number; path: string; usedAt: number }[]>;
  /**
   * What a folder takes of the disk, in bytes: blocks, not lengths; a file with several names once; links are not followed
   * and other file systems not entered. null: it is not there, or could not be measured in time.
   */
  bytes(path: string): Promise<number | null>;
  /** Bytes that the file system has left for us. */
  freeBytes(): Promise<number>;
}

export interface WorkspaceFolder {
  path: string;
  fleetId: string;
  /** owner/name, as the plan has it. */
  folder: string;
}
