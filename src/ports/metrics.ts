import type { Tokens } from '../core/spent.ts';

/** Who is told of what happens, so that it is counted. Nothing here throws, waits or decides. */
export interface Instruments {
  githubAnswered(answer: GitHubAnswer): void;
  webhookAnswered(answer: WebhookAnswer): void;
  httpAnswered(answer: HttpAnswer): void;
  sessionEnded(session: EndedSession): void;
  /** Work on a delivery began so many milliseconds after it arrived. */
  deliveryTaken(waitedMs: number): void;
  diskMeasured(use: MeasuredDisk): void;
}

/** One request that was made of GitHub's API. */
export interface GitHubAnswer {
  /** null: asked as the app itself, or as nobody. */
  installationId: number | null;
  method: string;
  /** 0: there was none. */
  status: number;
  durationMs: number;
  /** Of the answer, names in small letters. */
  headers: Readonly<Record<string, string | number | undefined>>;
}

interface WebhookAnswer {
  /** As the sender has it, whoever that is; '': none. */
  event: string;
  /** 0: the connection ended before. */
  status: number;
  durationMs: number;
}

/** One request of the HTTP API. */
interface HttpAnswer {
  /** Its template, such as `/v1/fleets/:id`, and never what was asked for; '': no route fits. */
  route: string;
  method: string;
  /** 0: the connection ended before. */
  status: number;
  durationMs: number;
}

/** One prompt to one agent, when it is over. */
export interface EndedSession {
  /** As the operator's settings name it. */
  agent: string;
  workflow: string;
  /** US dollars; null: unknown. */
  costUsd: number | null;
  /** `costUsd` was computed from tokens and prices. */
  computed: boolean;
  /** null: unknown. */
  tokens: Tokens | null;
}

/** In bytes; what is left out was not measured this time. */
interface MeasuredDisk {
  workspaces?: number;
  mirrors?: number;
  /** Of tasks that have ended. */
  logs?: number;
  /** Of the file system, for anybody. */
  free?: number;
}
