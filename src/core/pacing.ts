/** When the content-creating requests of an installation may be sent, and in which order. */

const MINUTE = 60_000;
const HOUR = 3_600_000;
/** A reservation is taken before the request arrives, so GitHub's window may start later than ours. */
const ARRIVAL_SLACK = 1_000;
/** By how much two requests of one kind are differently late; below it the whole queue moves, so that it happens once. */
const JITTER = 5_000;

export interface Pace {
  /** Times of requests that were sent or have a place, at least those of the last hour; epoch milliseconds, any order. */
  reservations: readonly number[];
  perMinute: number;
  perHour: number;
  /** From GitHub's answer to a request over a limit; 0: open. */
  closedUntil: number;
  now: number;
}

/** A time in the future that one effect alone may use; no two of an installation are equal. */
export interface Place {
  effectId: string;
  /** Epoch milliseconds. */
  at: number;
  /** A pull request of a task, in contrast to what people wait for: tracking issues and replies. */
  ofTask: boolean;
}

/** Of every hour: what pull requests leave to tracking issues and replies, which could else say nothing until it is over. */
const KEPT_SHARE = 0.04;

/** GitHub's advice for a limit answer that names no time. */
const LIMIT_PAUSE_MS = 60_000;
/** A limit that ends now or ended already, by our clock, is not asked again at once. */
const LIMIT_FLOOR_MS = 1_000;

/** When a limit is over whose answer named `retryAt` (null: no time); epoch milliseconds. */
export const limitOverAt = (retryAt: number | null, now: number): number =>
  Math.max(retryAt ?? now + LIMIT_PAUSE_MS, now + LIMIT_FLOOR_MS);

/** Requests an hour up to which pull requests may fill it. */
export function tasksPerHour(perHour: number): number {
  return perHour - Math.floor(perHour * KEPT_SHARE);
}

/** Epoch milliseconds; not after `now` means go. A budget of 0 never opens: Infinity. */
export function nextSlot(pace: Pace): number {
  const [slot = pace.now] = nextSlots(pace, 1);
  return slot;
}

/** When each of the next `count` requests may be sent if nobody else sends any, in order. */
export function nextSlots(pace: Pace, count: number): number[] {
  const taken = pace.reservations.toSorted((a, b) => a - b);
  const earlier = taken.length;
  while (taken.length < earlier + count) {
    taken.push(
      Math.max(
        pace.closedUntil,
        windowOpens(taken, pace.perMinute, MINUTE),
        windowOpens(taken, pace.perHour, HOUR),
        pace.now,
      ),
    );
  }
  return taken.slice(earlier);
}

/** When the reservation that fills the window leaves it. */
function windowOpens(sorted: readonly number[], capacity: number, length: number): number {
  if (capacity <= 0) return Number.POSITIVE_INFINITY;
  const filling = sorted[sorted.length - capacity];
  return filling === undefined ? 0 : filling + length + ARRIVAL_SLACK;
}

/**
 * A newcomer's place, and the new ones of those that it moves; `slot` is the next free time behind all of `queue`,
 * which is in order of time. Tasks come first in, first out. A report or a reply gets in behind the first task that
 * waits, and everyone after it moves on by one place: a tracking issue would else be hours behind the pull requests
 * that it tells of, and with no task between them reports could hold back pull requests for ever.
 */
export function takePlace(queue: readonly Place[], newcomer: Omit<Place, 'at'>, slot: number): Place[] {
  return insertAt(newcomer.ofTask ? queue.length : behindATask(queue), queue, newcomer, slot);
}

/** The same for one that was sent in vain, such as over a limit: its turn had come, so it is the next one. */
export function takeFirstPlace(queue: readonly Place[], newcomer: Omit<Place, 'at'>, slot: number): Place[] {
  return insertAt(0, queue, newcomer, slot);
}

function insertAt(index: number, queue: readonly Place[], newcomer: Omit<Place, 'at'>, slot: number): Place[] {
  const last = Math.max(slot, (queue.at(-1)?.at ?? 0) + 1);
  const times = [...queue.map((place) => place.at), last];
  const inOrder = queue.toSpliced(index, 0, { ...newcomer, at: last });
  return inOrder.map((place, order) => ({ ...place, at: times[order] ?? last })).slice(index);
}

function behindATask(queue: readonly Place[]): number {
  const lastReport = queue.findLastIndex((place) => !place.ofTask);
  const task = queue.findIndex((place, index) => index > lastReport && place.ofTask);
  return task === -1 ? queue.length : task + 1;
}

/**
 * The places after one whose time had come found the window still full until `slot`, because an earlier request was
 * sent later than planned: all waiting ones move on by so much, unless it is more than chance.
 */
export function delayPlaces(waiting: readonly Place[], late: Place, slot: number, now: number): Place[] {
  const by = slot - now;
  const moved = waiting.map((place) => ({ ...place, at: place.at + by }));
  return [{ ...late, at: slot }, ...(by <= JITTER ? moved : [])];
}

/**
 * All places after GitHub closed the installation until then: in the same order and as far apart. `sentAt` is when
 * something was sent last: a place that is overdue since before it keeps no distance.
 */
export function placesAfterClosing(queue: readonly Place[], until: number, sentAt: number): Place[] {
  const first = queue[0];
  if (first === undefined || first.at >= until) return [];
  const by = Math.max(0, until - Math.max(first.at, sentAt));
  return queue.map((place, order) => ({ ...place, at: Math.max(place.at + by, until + order) }));
}
