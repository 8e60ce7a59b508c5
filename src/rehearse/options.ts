import type { RehearsalSandbox, RehearsalSettings } from './rehearsal-settings.ts';

/** What a rehearsal was asked for. */
export interface RehearseOptions {
  /** A folder that holds git repositories. */
  folder: string;
  /** A workflow's name, or the path of its file. */
  workflow: string;
  /** `key=value` words and flags as they will stand in the comment. */
  words: readonly string[];
  /** `<glob>=<tag>`: repositories whose name matches carry the tag. */
  tags: readonly string[];
  /** Command line of the ACP agent for agent nodes; null: none. */
  agent: string | null;
  /** Of an operator's file; null: none was named. */
  settings: RehearsalSettings | null;
  sandbox: RehearsalSandbox;
  /** Ends when the fleet has ended. */
  once: boolean;
  json: boolean;
  /** Where everything is kept; null: a new temporary folder. */
  data: string | null;
  /** Of the local GitHub; 0: any. */
  port: number;
}

/** A person can act on the message; the command line shows it without a stack. */
export class RehearseError extends Error {
  override readonly name = 'RehearseError';
}
