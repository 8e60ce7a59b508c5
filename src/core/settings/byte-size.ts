const UNITS: Readonly<Record<string, number>> = { KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, TiB: 1024 ** 4 };

/** Bytes of `500MiB`, `20GiB`, `1TiB`; null when it is none, or 0. */
export function byteSize(text: string): number | null {
  const match = /^([1-9]\d{0,5}) ?([KMGT]iB)$/.exec(text);
  const unit = UNITS[match?.[2] ?? ''];
  return !match || unit === undefined ? null : Number(match[1]) * unit;
}
