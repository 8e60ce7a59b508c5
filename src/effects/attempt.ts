/** One try to settle an effect that this worker holds. */
import { GitHubError } from '../ports/github-reads.ts';
import type { EffectRow } from '../store/contract/effects.ts';
import type { Lease } from '../store/contract/lease.ts';
import type { Tx } from '../store/contract/store.ts';
import { type BoundKind, boundKind } from './bound-kind.ts';
import type { EffectsSettings } from './effects-settings.ts';
import { look } from './look.ts';
import { recordFault } from './record-fault.ts';
import { reserve } from './reserve.ts';
import { withinTime } from './within-time.ts';

/** A lease outlives its request, so that nobody else sends the same while an answer is on its way. */
const TIMEOUTS_A_LEASE = 4;
const LOOKS_BEFORE_RESENDING = 2;

/** What GitHub never answers is given up after so many sends, or so long after the first of them; `refused` then says so. */
export const SENDS_WITHOUT_ANSWER = 5;
export const UNANSWERED_MS = 6 * 60 * 60_000;
/** A look that fails proves nothing, so looking goes on for longer than sending; but not for ever. */
const LOOKING_MS = 24 * 60 * 60_000;

type Claimed = EffectRow & Lease;

/** undefined: too early, settled, or in other hands. */
export function claimEffect(settings: EffectsSettings, tx: Tx, effectId: string): Promise<Claimed | undefined> {
  const now = settings.clock.now();
  return tx.effects.claim(effectId, now, now + TIMEOUTS_A_LEASE * settings.requestTimeoutMs);
}

/** Sends what was never sent, looks for what was. Throws FenceLost when the lease was lost on the way. */
export async function attemptEffect(settings: EffectsSettings, row: Claimed): Promise<void> {
  const kind = boundKind(row.request);
  switch (row.state) {
    case 'intended':
      return send(settings, row, kind);
    case 'unknown':
      return kind.look === null ? sendAgain(settings, row, kind) : lookThenSend(settings, row, kind);
    case 'sent': {
      const notBefore = settings.clock.now() + settings.waits.unknownMs;
      return settings.store.write((tx) => tx.effects.unknown(row, 'the worker that sent it was lost', notBefore));
    }
    case 'done':
    case 'refused':
      throw new Error(`effect ${row.id} was claimed as ${row.state}: it is settled`);
  }
}

async function lookThenSend(settings: EffectsSettings, row: Claimed, kind: BoundKind): Promise<void> {
  const { store, clock, waits } = settings;
  const closedUntil = await store.read.budget.closedUntil(row.installationId);
  if (closedUntil > clock.now()) return store.write((tx) => tx.effects.unknown(row, row.error ?? '', closedUntil));
  const looked = await look(settings, row, kind);
  switch (looked.result) {
    case 'found':
      return store.write((tx) => tx.effects.done(row, looked.found, clock.now()));
    case 'failed':
      if (sinceFirstSend(settings, row) >= LOOKING_MS) return giveUp(settings, row);
      return recordFault(settings, row, looked.error, 'look');
    case 'nothing':
      if (row.looks + 1 >= LOOKS_BEFORE_RESENDING) return sendAgain(settings, row, kind);
      return store.write((tx) => tx.effects.looked(row, clock.now() + waits.betweenLooksMs));
  }
}

/** Where there is something to look for, the looks just found nothing. */
async function sendAgain(settings: EffectsSettings, row: Claimed, kind: BoundKind): Promise<void> {
  const tried = row.unanswered >= SENDS_WITHOUT_ANSWER || sinceFirstSend(settings, row) >= UNANSWERED_MS;
  return tried ? giveUp(settings, row) : send(settings, row, kind);
}

function giveUp({ store, clock, log }: EffectsSettings, row: Claimed): Promise<void> {
  log.error({ effect: row.key, sends: row.unanswered }, 'an effect was given up: GitHub never answered');
  const sends = row.unanswered === 1 ? 'once' : `${row.unanswered} times`;
  const error = `GitHub never answered: it was sent ${sends} and given up. The last fault was: ${row.error ?? 'none'}`;
  return store.write((tx) => tx.effects.refused(row, error.slice(0, 2_000), clock.now()));
}

function sinceFirstSend({ clock }: EffectsSettings, row: EffectRow): number {
  return clock.now() - (row.unansweredSince ?? clock.now());
}

async function send(settings: EffectsSettings, row: Claimed, kind: BoundKind): Promise<void> {
  const { store, github, clock, requestTimeoutMs } = settings;
  const sentAt = await store.write((tx) => reserve(settings, tx, row, kind.charge));
  if (sentAt === null) return;
  // GitHub's windows begin when it counts a request, and not when it left here.
  const arrived = async (tx: Tx) => {
    if (kind.charge) await tx.budget.arrived(row, sentAt, clock.now());
  };
  try {
    const at = { writes: github.writes(row.installationId), effectId: row.id, webUrl: github.webUrl };
    const result = await withinTime(kind.send(at), requestTimeoutMs);
    await store.write(async (tx) => {
      await arrived(tx);
      await tx.effects.done(row, result, clock.now());
    });
  } catch (error) {
    await store.write(arrived);
    if (error instanceof GitHubError && error.kind === 'refused' && kind.mayExist(error.status, error.message)) {
      return adopt(settings, row, kind, error);
    }
    await recordFault(settings, row, error, 'request');
  }
}

/** GitHub says that it is there already: found, it is ours; not found, the refusal stands. */
async function adopt(settings: EffectsSettings, row: Claimed, kind: BoundKind, refusal: GitHubError): Promise<void> {
  const looked = await look(settings, row, kind);
  switch (looked.result) {
    case 'found':
      return settings.store.write((tx) => tx.effects.done(row, looked.found, settings.clock.now()));
    case 'nothing':
      return recordFault(settings, row, refusal, 'request');
    case 'failed':
      return recordFault(settings, row, looked.error, 'look');
  }
}
