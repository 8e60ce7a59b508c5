/** One line of the doctor. */
export interface Finding {
  /** Which check, kebab-case. */
  check: string;
  /** A warning does not keep the server from working. */
  state: 'ok' | 'warning' | 'fault';
  what: string;
  /** What to do; null: nothing. */
  remedy: string | null;
}

export const ok = (check: string, what: string): Finding => ({ check, state: 'ok', what, remedy: null });

export const warning = (check: string, what: string, remedy: string): Finding => ({
  check,
  state: 'warning',
  what,
  remedy,
});

export const fault = (check: string, what: string, remedy: string): Finding => ({
  check,
  state: 'fault',
  what,
  remedy,
});
