/** Logs of commands and transcripts of agents, as the processes and agents of a task wrote them. */
export interface NodeLogs {
  /**
   * The end of a file, at most `maxBytes` of UTF-8; undefined: it is not there any more, or cannot be read.
   * `whole`: nothing is left out before it.
   */
  tail(file: string, maxBytes: number): Promise<{ text: string; whole: boolean } | undefined>;
}

/** The same, and which files a task has left. */
export interface TaskLogs extends NodeLogs {
  /** Names and absolute paths of the files of all its attempts that are there now. */
  ofTask(taskId: string): Promise<readonly { name: string; path: string }[]>;
}

/** Where a task's logs lie, of all its attempts. */
export interface LogFolder {
  taskId: string;
  path: string;
}

/** The folders of logs as the sweep sees them. */
export interface LogFolders {
  list(): Promise<readonly LogFolder[]>;
  /** Bytes of its files. */
  bytes(path: string): Promise<number>;
  remove(path: string): Promise<void>;
}
