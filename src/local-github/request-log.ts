export interface LoggedRequest {
  method: string;
  /** Without the query. */
  path: string;
  /** The template, e.g. `GET /repos/{owner}/{repo}/pulls`, `POST /graphql`, `POST git-receive-pack`; `unknown` for none. */
  route: string;
  /** Empty where the address is above 2,000 characters. */
  query: Readonly<Record<string, unknown>>;
  /** The parsed JSON body, once it is known who sent it; undefined for git, for nobody's, and above 64 KiB. */
  body: unknown;
  /** 0 while unanswered. */
  status: number;
  /** A login, `app:<slug>` or `anonymous`. */
  actor: string;
  /** By this GitHub's clock, epoch milliseconds. */
  at: number;
}

/** A server that runs for weeks must not grow. */
const KEPT = 10_000;

/** The newest requests to the API and to git, oldest first. */
export class RequestLog {
  #entries: LoggedRequest[] = [];
  readonly #kept: number;

  /** @param kept default: 10,000 */
  constructor(kept: number = KEPT) {
    this.#kept = kept;
  }

  add(entry: LoggedRequest): LoggedRequest {
    this.#entries.push(entry);
    if (this.#entries.length > this.#kept) this.#entries.shift();
    return entry;
  }

  all(which: string | ((request: LoggedRequest) => boolean) = () => true): LoggedRequest[] {
    const matches = typeof which === 'string' ? (request: LoggedRequest) => request.route === which : which;
    return this.#entries.filter(matches);
  }

  /** @param which a route template or a predicate. */
  count(which?: string | ((request: LoggedRequest) => boolean)): number {
    return this.all(which).length;
  }

  clear(): void {
    this.#entries = [];
  }
}
