import type { GitHubWrites } from '../ports/github-writes.ts';
import type { EffectRequest, EffectResult } from '../store/contract/effects.ts';

export type RequestOf<K extends EffectRequest['kind']> = Extract<EffectRequest, { kind: K }>;

export interface SendAt {
  writes: GitHubWrites;
  /** Goes into the marker of what is created. */
  effectId: string;
  /** `https://github.com` */
  webUrl: string;
}

export interface LookAt extends SendAt {
  /** User id of our app's bot: what others wrote is never adopted, whatever its marker says. */
  botId: number;
  /** Created before is not ours; epoch milliseconds. */
  since: number;
}

/** How one kind of effect is done. All methods throw GitHubError. */
export interface EffectKind<R extends EffectRequest> {
  /** Whether GitHub counts it as content creation. */
  charge: boolean;
  send(request: R, at: SendAt): Promise<EffectResult>;
  /** Finds what an unanswered request did; null: sending twice is sending once. */
  look: ((request: R, at: LookAt) => Promise<EffectResult | undefined>) | null;
  /** Whether this refusal means that what was asked for may already be there, so that a look decides. */
  mayExist?: (status: number, message: string) => boolean;
}
