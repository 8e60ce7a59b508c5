/** What the sessions of a task have come to since this worker took it. */
export interface Spending {
  /** US dollars by the place of a node, without iterations: those of a loop share a budget. With what unknown costs count for. */
  countedUsd: Map<string, number>;
  /** Paths of nodes, with iterations, that have sent a prompt. */
  prompted: Set<string>;
}

export const nothingSpent = (): Spending => ({ countedUsd: new Map(), prompted: new Set() });
