import type { World } from './world.ts';

/** As a kill there would: the deed is committed, the answer is not. */
export function dieBeforeTheAnswer({ store }: World): void {
  const write = store.write.bind(store);
  let alive = true;
  store.write = (work) =>
    write((tx) => {
      const finish: typeof tx.deliveries.finish = async (...given) => {
        if (!alive) return tx.deliveries.finish(...given);
        alive = false;
        throw new Error('killed');
      };
      return work({ ...tx, deliveries: { ...tx.deliveries, finish } });
    });
}
