export interface LoggedRequest {
  method: string;
  /** Without the query. */
  path: string;
  /** The template, e.g. `GET /repos/{owner}/{repo}/pulls`, `POST /graphql`, `POST git-receive-pack`; `unknown` for none. */
  route: string;
  query: Readonly<Record<string, unknown>>;
  /** The parsed JSON body; undefined for git and for requests without one. */
  body: unknown;
  /** 0 while unanswered. */
  status: number;
  /** A login, `app:<slug>` or `anonymous`. */
  actor: string;
  /** Real time, epoch milliseconds. */
  at: number;
}

/** Every request to the API and to git, oldest first. */
export class RequestLog {
  #entries: LoggedRequest[] = [];

  add(entry: LoggedRequest): LoggedRequest {
    this.#entries.push(entry);
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
