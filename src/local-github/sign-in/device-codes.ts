import { randomBytes } from 'node:crypto';
import type { Account, App } from '../state/records.ts';

/** Seconds. Source: docs.github.com, "Generating a user access token for a GitHub App", "Device flow". */
export const deviceCodeLife = 900;
const firstInterval = 5;
const slowDown = 5;

interface DeviceCode {
  readonly deviceCode: string;
  /** Such as `WDJB-MJHT`. */
  readonly userCode: string;
  readonly appId: number;
  /** By GitHub's clock. */
  readonly expiresAt: number;
  /** Seconds that must pass between two questions. */
  interval: number;
  askedAt: number | null;
  decision: { accountId: number } | 'denied' | null;
}

/** What a question for the token finds. */
export type Asked =
  | { found: 'authorized'; accountId: number }
  | {
      found: 'authorization_pending' | 'slow_down' | 'expired_token' | 'access_denied' | 'incorrect_device_code';
      interval: number;
    };

/** Codes that wait for a person; they live as long as the server. */
export class DeviceCodes {
  readonly #codes = new Map<string, DeviceCode>();
  readonly #now: () => number;

  /** @param now GitHub's clock */
  constructor(now: () => number) {
    this.#now = now;
  }

  start({ id }: App): DeviceCode {
    this.#forgetOld();
    const code = {
      deviceCode: randomBytes(20).toString('hex'),
      userCode: newUserCode(),
      appId: id,
      expiresAt: this.#now() + deviceCodeLife * 1000,
      interval: firstInterval,
      askedAt: null,
      decision: null,
    };
    this.#codes.set(code.deviceCode, code);
    return code;
  }

  /** One that still waits for a decision, in any case and with or without its hyphen. */
  waiting(userCode: string): DeviceCode | undefined {
    const wanted = bare(userCode);
    return [...this.#codes.values()].find(
      (code) => bare(code.userCode) === wanted && code.decision === null && code.expiresAt > this.#now(),
    );
  }

  /** @param person null: the person cancelled */
  decide(code: DeviceCode, person: Account | null): void {
    code.decision = person === null ? 'denied' : { accountId: person.id };
  }

  /** A question of an app; the code is used up by its token. */
  ask(app: App, deviceCode: string): Asked {
    const code = this.#codes.get(deviceCode);
    if (code === undefined || code.appId !== app.id) return { found: 'incorrect_device_code', interval: firstInterval };
    const now = this.#now();
    if (code.expiresAt <= now) return { found: 'expired_token', interval: code.interval };
    const tooFast = code.askedAt !== null && now - code.askedAt < code.interval * 1000;
    code.askedAt = now;
    if (tooFast) {
      code.interval += slowDown;
      return { found: 'slow_down', interval: code.interval };
    }
    if (code.decision === null) return { found: 'authorization_pending', interval: code.interval };
    if (code.decision === 'denied') return { found: 'access_denied', interval: code.interval };
    this.#codes.delete(deviceCode);
    return { found: 'authorized', accountId: code.decision.accountId };
  }

  /** Those that ran out are told so for as long again. */
  #forgetOld(): void {
    const old = this.#now() - deviceCodeLife * 1000;
    for (const [key, { expiresAt }] of this.#codes) if (expiresAt < old) this.#codes.delete(key);
  }
}

/** No vowels, so that no code is a word. */
const letters = 'BCDFGHJKLMNPQRSTVWXZ';

function newUserCode(): string {
  const spelled = [...randomBytes(8)].map((byte) => letters[byte % letters.length]).join('');
  return `${spelled.slice(0, 4)}-${spelled.slice(4)}`;
}

const bare = (userCode: string): string => userCode.replace(/[\s-]/g, '').toUpperCase();
