export interface BudgetReads {
  /** Reservations of the installation since, oldest first, as times. */
  since(installationId: number, since: number): Promise<number[]>;
  /** No content is created before; 0 when open. */
  closedUntil(installationId: number): Promise<number>;
}

export interface BudgetWrites {
  /** Never given back, not even on a crash. */
  reserve(installationId: number, effectId: string, at: number): Promise<void>;
  close(installationId: number, until: number): Promise<void>;
}
