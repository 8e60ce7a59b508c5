/** What was compared with GitHub's contract. */
export interface Counts {
  /** REST requests that the app sent, whoever answered. */
  requests: number;
  /** Requests that the local GitHub took, and the app's that it refused. */
  arrivals: number;
  /** Of the local GitHub, errors included. */
  answers: number;
  webhooks: number;
  /** GraphQL requests that the app sent. */
  documents: number;
  /** Points in which any of these differed from the contract. */
  violations: number;
}

export const NOTHING: Counts = { requests: 0, arrivals: 0, answers: 0, webhooks: 0, documents: 0, violations: 0 };

export function addCounts(one: Counts, other: Counts): Counts {
  return {
    requests: one.requests + other.requests,
    arrivals: one.arrivals + other.arrivals,
    answers: one.answers + other.answers,
    webhooks: one.webhooks + other.webhooks,
    documents: one.documents + other.documents,
    violations: one.violations + other.violations,
  };
}

/** Hears of each thing as it is written down; of each operation once. */
export interface LedgerListener {
  onViolation(violation: string): void;
  onUse(operation: string): void;
}

/** Keeps what one process compared. Violations wait here until a test takes them. */
export class Ledger {
  readonly counts: Counts = { ...NOTHING };
  /** Operations that the app used since a test last took them. */
  #used = new Set<string>();
  #violations: string[] = [];
  readonly #listener: LedgerListener | undefined;

  constructor(listener?: LedgerListener) {
    this.#listener = listener;
  }

  count(what: Exclude<keyof Counts, 'violations'>): void {
    this.counts[what] += 1;
  }

  use(operation: string): void {
    if (!this.#used.has(operation)) this.#listener?.onUse(operation);
    this.#used.add(operation);
  }

  violate(violation: string): void {
    this.counts.violations += 1;
    this.#violations.push(violation);
    this.#listener?.onViolation(violation);
  }

  takeUsed(): ReadonlySet<string> {
    const used = this.#used;
    this.#used = new Set();
    return used;
  }

  takeViolations(): string[] {
    const violations = this.#violations;
    this.#violations = [];
    return violations;
  }
}
