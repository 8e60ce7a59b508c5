import type { ChildProcess } from 'node:child_process';
import { Readable } from 'node:stream';

const MOST = 4096;

/** What bubblewrap tells of a box beside what the command says. Source: bwrap(1), --json-status-fd. */
export interface BoxStatus {
  /** The box's first process, which is gone only when all others in there are (pid_namespaces(7)); null: there is none yet. */
  firstProcess(): number | null;
  /** Its box could not be made, which has a status of its own; what was not heard to its end counts as made. */
  couldNotBeMade(): boolean;
}

/** null: the process is no box. Nobody in the box has the other end. */
export function hearBoxStatus({ stdio }: Pick<ChildProcess, 'stdio'>): BoxStatus | null {
  const pipe = stdio[3];
  if (!(pipe instanceof Readable)) return null;
  let told = '';
  let isWhole = false;
  pipe.once('end', () => {
    isWhole = true;
  });
  pipe.on('data', (chunk: Buffer) => {
    told = (told + chunk.toString('latin1')).slice(0, MOST);
  });
  return {
    firstProcess() {
      const pid = /"child-pid": (\d+)/.exec(told)?.[1];
      return pid === undefined ? null : Number(pid);
    },
    couldNotBeMade: () => isWhole && !told.includes('"exit-code"'),
  };
}
