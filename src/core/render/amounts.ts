/** `2025-11-21 07:41 UTC` */
export function utc(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `07:41 UTC` */
export function utcClock(time: number): string {
  return `${new Date(time).toISOString().slice(11, 16)} UTC`;
}

const MINUTE = 60_000;
/** Beyond that a time of day would be taken for the nearer day's. */
const TODAY = 12 * 60 * MINUTE;

/**
 * A time to come that is only estimated, rounded up: `12:41 UTC`, further off to five minutes, and with its date when it
 * is more than half a day away. Rounded so that an estimate that moves a little does not change the text.
 */
export function aboutUtc(time: number, now: number): string {
  const step = time - now < 10 * MINUTE ? MINUTE : 5 * MINUTE;
  const rounded = Math.ceil(time / step) * step;
  return rounded - now > TODAY ? utc(rounded) : utcClock(rounded);
}

/** `1st`, `2nd`, `3rd`, `4th`, `11th`, `1,021st` */
export function ordinal(count: number): string {
  const teen = count % 100 > 10 && count % 100 < 14;
  const ending = (teen ? undefined : ['th', 'st', 'nd', 'rd'][count % 10]) ?? 'th';
  return `${thousands(count)}${ending}`;
}

/** `14 s`, `3 min 05 s`, `1 h 02 min` */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return `${seconds} s`;
  if (minutes < 60) return `${minutes} min ${twoDigits(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${twoDigits(minutes % 60)} min`;
}

/** `1 repository`, `1,500 repositories` */
export function plural(count: number, one: string, many: string): string {
  return `${thousands(count)} ${count === 1 ? one : many}`;
}

export const repositories = (count: number): string => plural(count, 'repository', 'repositories');

export function thousands(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `512 KiB`, `1.5 GiB` */
export function byteText(bytes: number): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let size = Math.max(0, bytes) / 1024;
  while (size >= 1024 && units.length > 1) {
    size /= 1024;
    units.shift();
  }
  return `${size < 10 ? Number(size.toFixed(1)) : Math.round(size)} ${units[0]}`;
}

/** `$0.42`; a real amount under a cent does not become nothing. */
export function dollars(amount: number): string {
  return amount > 0 && amount < 0.01 ? '< $0.01' : `$${amount.toFixed(2)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
