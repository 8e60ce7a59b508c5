/** Why a request was not carried out: one table, code to title, remedy and HTTP status. */

export const REFUSALS = {
  invalid_command: { title: 'The command cannot be read', status: 400 },
  unknown_workflow: { title: 'There is no such workflow', status: 404 },
  invalid_workflow: { title: 'The workflow is not valid', status: 422 },
  invalid_inputs: { title: 'The inputs do not fit the workflow', status: 422 },
  invalid_settings: { title: 'The settings are not valid', status: 422 },
  not_permitted: { title: 'You may not do this', status: 403 },
  control_repository_refused: { title: 'This repository cannot be a control repository', status: 403 },
  too_visible: { title: 'The control repository is more visible than a target', status: 422 },
  nothing_selected: { title: 'No repository to run in', status: 422 },
  unknown_fleet: { title: 'There is no such fleet', status: 404 },
  idempotency_conflict: { title: 'The idempotency key belongs to another fleet', status: 409 },
  wrong_state: { title: 'The fleet is not in a state for this', status: 409 },
  undecidable: { title: 'This cannot be decided so', status: 422 },
  budget_used_up: { title: 'Nothing is left of the budget', status: 429 },
  too_late: { title: 'The command arrived too late', status: 408 },
  put_back: { title: 'The tracking issue is as it was', status: 409 },
  stale_box: { title: 'The box was out of date', status: 409 },
  github_unavailable: { title: 'GitHub is not available', status: 503 },
  internal: { title: 'Flotilla itself failed', status: 500 },
} as const satisfies Record<string, { title: string; status: number }>;

export type RefusalCode = keyof typeof REFUSALS;

/**
 * Ends a request with a reply instead of an effect.
 * `detail` says what is wrong and where (Markdown, already neutralized), `remedy` what to do.
 * `silent`: the sender gets a reaction and no text, so that strangers cannot make the app talk.
 * `stranger`: the sender may not write where they speak, so that most of what they say next can be dropped unread.
 * `retryAt`: epoch milliseconds from which on the same request can succeed (0: not known when); null when waiting does not help.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;
  readonly detail: string;
  readonly remedy: string;
  readonly silent: boolean;
  readonly stranger: boolean;
  readonly retryAt: number | null;

  constructor(
    code: RefusalCode,
    detail: string,
    remedy: string,
    options: { silent?: boolean; stranger?: boolean; retryAt?: number | null; cause?: unknown } = {},
  ) {
    super(`${REFUSALS[code].title}: ${detail}`, { cause: options.cause });
    this.code = code;
    this.detail = detail;
    this.remedy = remedy;
    this.silent = options.silent ?? false;
    this.stranger = options.stranger ?? false;
    this.retryAt = options.retryAt ?? null;
  }
}
