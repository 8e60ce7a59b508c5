import type { DeliveryMark } from '../../core/missed-deliveries.ts';

/** A delivery that GitHub tried and that did not arrive. */
export interface MissedDelivery {
  /** GitHub's delivery GUID; a redelivery keeps it. */
  guid: string;
  /** Of its newest attempt that is known, in digits. */
  attemptId: string;
  event: string;
  /** When GitHub first tried, by its clock. */
  firstAt: number;
}

export interface MissedDeliveryRow extends MissedDelivery {
  /** How often it was asked for again. */
  asked: number;
}

export interface DeliveryLook {
  mark: DeliveryMark;
  /** GitHub's limits: nothing is asked of the app's own part of GitHub before. */
  notBefore: number;
}

export interface MissedDeliveryReads {
  look(): Promise<DeliveryLook>;
  /** Those that have neither arrived nor been given up, and are due; the oldest first. */
  due(now: number): Promise<MissedDeliveryRow[]>;
  /** When GitHub first tried a delivery that was missed; undefined: it never was. */
  firstAt(guid: string): Promise<number | undefined>;
}

export interface MissedDeliveryWrites {
  /**
   * What a page of GitHub's list holds, in one step. New ones are due at once; of known ones the newest attempt and the earliest time are kept. Those in
   * `arrived`, and those that are stored as deliveries, are settled. Older ones than `forgetBefore` are removed.
   */
  found(look: {
    missed: readonly MissedDelivery[];
    /** GUIDs. */
    arrived: ReadonlySet<string>;
    mark: DeliveryMark;
    forgetBefore: number;
  }): Promise<void>;
  /** Counts, and says when it is due again. */
  asked(guid: string, asked: number, nextAskAt: number): Promise<void>;
  giveUp(guid: string): Promise<void>;
  /** After a limit answer. */
  holdUntil(notBefore: number): Promise<void>;
}
