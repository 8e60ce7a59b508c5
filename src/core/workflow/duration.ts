const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export const MAX_DURATION_MS = 7 * 86_400_000;

/** Milliseconds of `30s`, `10m`, `2h`, `7d`; null when it is none or longer than `most`, 7 days when absent. */
export function durationMs(text: string, most = MAX_DURATION_MS): number | null {
  const match = /^([1-9]\d{0,6})([smhd])$/.exec(text);
  const unit = UNITS[match?.[2] ?? ''];
  if (!match || unit === undefined) return null;
  const milliseconds = Number(match[1]) * unit;
  return milliseconds > most ? null : milliseconds;
}
