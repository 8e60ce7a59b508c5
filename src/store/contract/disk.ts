/** What the sweep found out about the disk, for whoever starts tasks and tells people why they wait. */
export interface DiskReads {
  /** Since when no task begins because the disk has no room; null: it has. */
  fullSince(): Promise<number | null>;
}

export interface DiskWrites {
  /** Records disk_full or disk_freed for every fleet that has tasks to begin, where it changes. */
  setFull(full: boolean, now: number): Promise<void>;
}
