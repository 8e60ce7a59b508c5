import type { Person } from './plan.ts';
import type { RequestFlags } from './request-flags.ts';

/** What someone asks for, parsed from a comment or a dispatch. */
export type Command =
  | {
      verb: 'submit';
      workflow: string;
      inputs: Readonly<Record<string, string>>;
      flags: RequestFlags;
    }
  | ({ verb: 'approve' | 'reject'; fleet: string | null } & DecisionWords)
  | { verb: 'retry'; fleet: string | null; repositories?: string }
  | { verb: 'undo'; fleet: string | null; repositories?: string }
  | { verb: 'pause' | 'resume'; fleet: string | null }
  | { verb: 'cancel' | 'status'; fleet: string | null }
  | { verb: 'help' }
  | { verb: 'list' };

/** What is decided, and where; absent: not said. */
export interface DecisionWords {
  /** A glob on repositories. */
  repositories?: string;
  /** Id of an `approval` node. */
  node?: string;
  /** One of the approval's decisions; absent: that of the verb's name. */
  decision?: string;
  text?: string;
}

/** A stored delivery: who asks for what, from where. */
export interface FleetRequest {
  door: 'comment' | 'dispatch';
  installationId: number;
  controlRepository: { id: number; fullName: string };
  sender: Person & { type: 'User' | 'Bot' };
  /** The issue and comment that gave the command; null for a dispatch. */
  origin: { issueNumber: number; commentId: number } | null;
  /** A command that could not be read is stored too: its sender gets the faults as a reply. */
  command:
    | { ok: true; command: Command }
    | {
        ok: false;
        message: string;
        hint: string;
        /** It was understood, but this version has no such thing. */
        notCarriedOut?: boolean;
      };
  idempotencyKey: string | null;
}
