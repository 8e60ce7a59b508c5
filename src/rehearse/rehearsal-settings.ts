/** What a rehearsal takes of an operator's file. */
export interface RehearsalSettings {
  /** `agents`, `default_agent`, `box` and `sandbox` as they are written there. */
  written: Readonly<Record<string, unknown>>;
  /** Variables of this environment that its agents are given, and that hold keys of models. */
  variables: Readonly<Record<string, string>>;
}

/** Whether the commands and agents of a rehearsal run in boxes. */
export type RehearsalSandbox = { boxed: true } | { boxed: false; why: string; remedy: string };
