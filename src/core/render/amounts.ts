/** `2025-11-21 07:41 UTC` */
export function utc(time: number): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `07:41 UTC` */
export function utcClock(time: number): string {
  return `${new Date(time).toISOString().slice(11, 16)} UTC`;
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

/** `$0.42`; a real amount under a cent does not become nothing. */
export function dollars(amount: number): string {
  return amount > 0 && amount < 0.01 ? '< $0.01' : `$${amount.toFixed(2)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
