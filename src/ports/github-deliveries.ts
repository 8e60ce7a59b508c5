/** One attempt of GitHub's to deliver a webhook to the app. */
export interface DeliveryAttempt {
  /** Digits: GitHub's numbers are larger than a number of JavaScript holds. */
  id: string;
  /** The delivery's; every further attempt keeps it. */
  guid: string;
  /** Epoch milliseconds, by GitHub's clock. */
  deliveredAt: number;
  event: string;
  action: string | null;
  /** Whether it is a further attempt, which somebody asked for. */
  redelivered: boolean;
  /** Whether the app answered 2xx. */
  arrived: boolean;
}

interface DeliveryPage {
  attempts: DeliveryAttempt[];
  /** Leads to the next page, of older ones; null: this is the last. */
  next: string | null;
}

/** What GitHub sent to the app, in all installations. Every method may throw GitHubError. */
export interface GitHubDeliveries {
  /** Up to 100 attempts, newest first. `cursor`: from the page before; null for the first. */
  page(cursor: string | null): Promise<DeliveryPage>;
  /** Asks for one more attempt of the delivery that this was an attempt of. False: GitHub does not have it any more. */
  askAgain(attemptId: string): Promise<boolean>;
}
