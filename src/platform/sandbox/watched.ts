/** Boxes that are looked at regularly while there are any, by the process at their root. */
export interface WatchedBoxes<Box> {
  readonly boxes: ReadonlyMap<number, Box>;
  add(pid: number, box: Box): void;
  forget(pid: number): void;
}

/** @param look at all of them; called every `everyMs`, whether the last call is over or not */
export function watched<Box>(everyMs: number, look: () => void): WatchedBoxes<Box> {
  const boxes = new Map<number, Box>();
  let timer: NodeJS.Timeout | null = null;
  return {
    boxes,
    add(pid, box) {
      boxes.set(pid, box);
      timer ??= setInterval(look, everyMs).unref();
    },
    forget(pid) {
      boxes.delete(pid);
      if (boxes.size > 0 || timer === null) return;
      clearInterval(timer);
      timer = null;
    },
  };
}
