import { join } from 'node:path';
import { z } from 'zod';
import type { Flotilla } from '../../src/flotilla.ts';
import type { GitHub } from '../../src/ports/github.ts';
import type { FleetRow } from '../../src/store/contract/fleets.ts';
import type { Store } from '../../src/store/contract/store.ts';
import type { TaskRow } from '../../src/store/contract/tasks.ts';
import type { RunningApp } from './start-app.ts';

const issueJson = z.object({
  number: z.number(),
  title: z.string(),
  body: z.string().nullable(),
  state: z.string(),
  user: z.object({ login: z.string() }),
});
const commentJson = z.object({
  id: z.number(),
  body: z.string(),
  user: z.object({ login: z.string(), type: z.string() }),
});
const pullJson = z.object({
  number: z.number(),
  title: z.string(),
  body: z.string().nullable(),
  state: z.string(),
  head: z.object({ ref: z.string(), sha: z.string() }),
});

export interface ManualClock {
  now(): number;
  move(ms: number): void;
}

/** A clock that stands still until a test moves it. */
export function manualClock(start: number): ManualClock {
  let now = start;
  return {
    now: () => now,
    move: (ms) => {
      now += ms;
    },
  };
}

/** The app beside some GitHub with the organization acme, and what people do and see there through its API. */
export abstract class AppWorld {
  readonly folder: string;
  readonly clock: ManualClock;
  protected running: RunningApp;

  constructor(parts: { folder: string; clock: ManualClock; running: RunningApp }) {
    this.folder = parts.folder;
    this.clock = parts.clock;
    this.running = parts.running;
  }

  /** Where commands, in whatever box, meet their test. */
  get meeting(): string {
    return join(this.folder, 'meeting');
  }

  /** `http://127.0.0.1:PORT` of GitHub. */
  abstract get url(): string;
  /** Login → token. */
  abstract get tokens(): Readonly<Record<string, string>>;
  abstract get installationId(): number;
  /** Everything that can happen at this moment happens. */
  abstract settle(): Promise<void>;

  get store(): Store {
    return this.running.store;
  }

  get flotilla(): Flotilla {
    return this.running.flotilla;
  }

  /** GitHub as the app sees it. */
  get app(): GitHub {
    return this.running.app;
  }

  /** Of the listener for metrics; null: the settings want none. */
  get metricsUrl(): string | null {
    return this.running.metricsUrl;
  }

  get webhookUrl(): string {
    return this.running.webhookUrl;
  }

  /** A person comments, and what follows from it happens. Returns the comment's id. */
  async comment(login: string, body: string, at: { repository?: string; issue?: number } = {}): Promise<number> {
    const id = await this.say(login, body, at);
    await this.settle();
    return id;
  }

  /** A person comments. */
  async say(login: string, body: string, at: { repository?: string; issue?: number } = {}): Promise<number> {
    const path = `/repos/acme/${at.repository ?? 'platform'}/issues/${at.issue ?? 1}/comments`;
    return z.object({ id: z.number() }).parse(await this.api(login, 'POST', path, { body })).id;
  }

  async api(login: string, method: string, path: string, body?: object): Promise<unknown> {
    const token = this.tokens[login];
    if (token === undefined) throw new Error(`${login} has no token`);
    const response = await fetch(`${this.url}/api/v3${path}`, {
      method,
      headers: { authorization: `token ${token}`, accept: 'application/vnd.github+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  async issue(number: number, repository = 'platform') {
    return issueJson.parse(await this.api('mona', 'GET', `/repos/acme/${repository}/issues/${number}`));
  }

  /** Issues of the control repository that the app opened, oldest first. */
  async trackingIssues() {
    const path = '/repos/acme/platform/issues?state=all&direction=asc&per_page=100';
    const listed = z.array(issueJson).parse(await this.api('mona', 'GET', path));
    return listed.filter(({ user }) => user.login === 'flotilla[bot]');
  }

  /** What the app answered on an issue, oldest first. */
  async answers(issue = 1, repository = 'platform'): Promise<string[]> {
    const path = `/repos/acme/${repository}/issues/${issue}/comments?per_page=100`;
    const listed = z.array(commentJson).parse(await this.api('mona', 'GET', path));
    return listed.filter(({ user }) => user.type === 'Bot').map(({ body }) => body);
  }

  async reactions(comment: number, repository = 'platform'): Promise<string[]> {
    const path = `/repos/acme/${repository}/issues/comments/${comment}/reactions`;
    return z
      .array(z.object({ content: z.string() }))
      .parse(await this.api('mona', 'GET', path))
      .map(({ content }) => content);
  }

  async pulls(repository: string) {
    const path = `/repos/acme/${repository}/pulls?state=all&per_page=100`;
    return z.array(pullJson).parse(await this.api('mona', 'GET', path));
  }

  /** Text of a file on a branch; undefined when there is none. */
  async file(repository: string, path: string, ref: string): Promise<string | undefined> {
    const url = `${this.url}/api/v3/repos/acme/${repository}/contents/${path}?ref=${encodeURIComponent(ref)}`;
    const headers = { authorization: `token ${this.tokens.mona}`, accept: 'application/vnd.github.raw+json' };
    const response = await fetch(url, { headers });
    return response.ok ? response.text() : undefined;
  }

  /** CI's way in, as a person or, without a login, as a bot with a token of its own. */
  async dispatch(payload: object, login?: string): Promise<void> {
    const platform = z.object({ id: z.number() }).parse(await this.api('mona', 'GET', '/repos/acme/platform'));
    const token =
      login === undefined ? await this.app.gitToken(this.installationId, platform.id, 'write') : this.tokens[login];
    const response = await fetch(`${this.url}/api/v3/repos/acme/platform/dispatches`, {
      method: 'POST',
      headers: { authorization: `token ${token}` },
      body: JSON.stringify({ event_type: 'fleet', client_payload: payload }),
    });
    if (!response.ok) throw new Error(`dispatch: ${response.status} ${await response.text()}`);
    await this.settle();
  }

  /** A new branch at the head of main. */
  async branch(repository: string, name: string): Promise<void> {
    const main = await this.api('mona', 'GET', `/repos/acme/${repository}/git/ref/heads/main`);
    const { sha } = z.object({ object: z.object({ sha: z.string() }) }).parse(main).object;
    await this.api('mona', 'POST', `/repos/acme/${repository}/git/refs`, { ref: `refs/heads/${name}`, sha });
  }

  /** A person commits one file to a branch through the contents API. */
  async commit(login: string, repository: string, path: string, text: string, branch: string): Promise<void> {
    const known = await this.api(login, 'GET', `/repos/acme/${repository}/contents/${path}?ref=${branch}`).catch(
      () => undefined,
    );
    const sha = z.object({ sha: z.string() }).safeParse(known).data?.sha;
    await this.api(login, 'PUT', `/repos/acme/${repository}/contents/${path}`, {
      message: `Change ${path}`,
      content: Buffer.from(text).toString('base64'),
      branch,
      ...(sha === undefined ? {} : { sha }),
    });
  }

  /** Every fleet, oldest first. */
  async fleets(): Promise<FleetRow[]> {
    return this.store.read.fleets.all();
  }

  async fleet(): Promise<FleetRow> {
    const newest = (await this.fleets()).at(-1);
    if (newest === undefined) throw new Error('There is no fleet.');
    return newest;
  }

  /** Of the newest fleet, in plan order. */
  async tasks(fleet?: FleetRow): Promise<TaskRow[]> {
    return this.store.read.tasks.ofFleet((fleet ?? (await this.fleet())).id);
  }

  close(): Promise<void> {
    return this.running.close();
  }
}
