import type { IssueChange } from './checkbox/issue-edit.ts';
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
  /** `on`: as a whole; absent: what the fleet waits for when the command is carried out. */
  | ({ verb: 'approve' | 'reject'; fleet: string | null; on?: 'plan' | 'gate' } & DecisionWords)
  | { verb: 'retry' | 'publish' | 'undo'; fleet: string | null; repositories?: string }
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

/** Who asks for what, from where: a stored delivery, or a request of the HTTP API. */
export interface FleetRequest {
  door: 'comment' | 'dispatch' | 'edit' | 'api';
  installationId: number;
  controlRepository: { id: number; fullName: string };
  sender: Person & { type: 'User' | 'Bot' };
  /** The issue and comment that gave the command; null for every other door. */
  origin: { issueNumber: number; commentId: number } | null;
  /** A command that could not be read is stored too: its sender gets the faults as a reply. */
  command: { ok: true; command: Command } | { ok: false; message: string; hint: string };
  idempotencyKey: string | null;
  /** When it was said, by GitHub's clock, in epoch milliseconds; absent where a webhook does not tell. */
  saidAt?: number;
  /** Of the door `edit`: somebody changed a tracking issue's text; the command is what the ticked box stands for. */
  edit?: IssueEdit;
}

export interface IssueEdit {
  /** Id of the fleet whose tracking issue it is. */
  fleet: string;
  issueNumber: number;
  change: IssueChange;
  /** Digest of the text that stood there before. */
  before: string;
}
