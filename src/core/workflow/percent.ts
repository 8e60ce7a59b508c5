/** Of `25%`; null when it is no whole percentage from 1 to 100. */
export function percentOf(text: string): number | null {
  const match = /^(100|[1-9]\d?)%$/.exec(text);
  return match === null ? null : Number(match[1]);
}
