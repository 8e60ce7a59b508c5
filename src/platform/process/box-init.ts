import { after } from './deadline.ts';
import { childrenOf } from './list-processes.ts';

const FIRST_LOOK_MS = 2;
const LAST_LOOK_MS = 1000;

export interface BoxInit {
  /** The first process of the box, which is gone only when all others in there are (pid_namespaces(7)); null: not seen. */
  pid(): number | null;
  /** No further looks. */
  forget(): void;
}

/** Looks for the first process of a box while it lives, to wait for that one alone when it was killed. */
export function seeBoxInit(bubblewrap: number): BoxInit {
  let found: number | null = null;
  let cancel = (): void => undefined;
  const look = (afterMs: number): void => {
    cancel = after(afterMs, () => {
      // bubblewrap outside has this one child, and none before the box is begun.
      const [first, ...others] = childrenOf(bubblewrap);
      if (first !== undefined && others.length === 0) found = first;
      else if (afterMs < LAST_LOOK_MS) look(afterMs * 2);
    });
  };
  look(FIRST_LOOK_MS);
  return { pid: () => found, forget: () => cancel() };
}
