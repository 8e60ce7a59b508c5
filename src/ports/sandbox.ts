/** The box around untrusted processes, and around our own git where it touches what they wrote (architecture, zones U and C). */

/** Paths are absolute and the same inside; one that does not exist is left out. */
export interface Mount {
  path: string;
  /** empty: a folder without anything in it, in place of what is there. */
  access: 'write' | 'read' | 'empty';
}

/** Where a host of the operator's model is, and what the proxy outside the box adds to each request. */
export interface ModelApi {
  /** `https://api.example.com/v1`; what the agent asks for is put behind it. */
  url: string;
  /** `authorization`, `x-api-key`, … */
  header: string;
  /** The whole value of that header; never in the box. */
  value: string;
}

/** What a process may see, use and reach; what is not named is not there. */
export interface Box {
  /** In this order, each over those before it. The system's programs are there without being named. */
  mounts: readonly Mount[];
  /** Hosts that the process may reach through a proxy, `example.com`, `*.example.com` or with a port; empty: none. */
  hosts: readonly string[];
  modelApi: ModelApi | null;
  /** For our git: it reaches nothing, not even the hosts that the operator opened to every box, and has no Node, no /proc, two devices, and little of /etc. */
  sealed?: boolean;
}

export interface BoxedCommand {
  command: string;
  args: readonly string[];
  cwd: string;
  /** The whole environment; nothing is inherited. */
  env: Readonly<Record<string, string>>;
}

/** How to start a command so that it runs in its box. */
export interface EnclosedCommand extends BoxedCommand {
  /** To be written to file descriptor 3, which is closed then; null: there is none. Environment and mounts, so that no argument shows them. */
  control: string | null;
}

/** What the processes of one box may use together, and each alone. */
export interface BoxLimits {
  /** Processes and threads. */
  processes: number;
  /** Bytes of memory, of all together. */
  memoryBytes: number;
  /** Seconds of computing, of each process. */
  cpuSeconds: number;
  /** Bytes of the largest file. */
  fileBytes: number;
  /** Bytes on disk, of all folders together that the box may write. */
  diskBytes: number;
}

/** What a whole box can use too much of. */
export type BoxResource = 'processes' | 'memory' | 'disk';

/** A box that is ready for one command. */
export interface OpenBox {
  /** Where the model is for who is in the box; null: the box has no `modelApi`. */
  modelUrl: string | null;
  enclose(command: BoxedCommand): EnclosedCommand;
  /**
   * Looks after the processes under `pid` until `close`.
   * @param onExceeded called once: what they did, to complete "it …", and what they used too much of
   */
  watch(pid: number, onExceeded: (what: string, resource: BoxResource) => void): void;
  /** After the command's end. */
  close(): Promise<void>;
}

export interface Sandbox {
  /** false: commands run with the rights of this process. */
  boxed: boolean;
  /** Boxed, and the kernel refuses in there what could change files without a trace. */
  filtered: boolean;
  open(box: Box): Promise<OpenBox>;
}
