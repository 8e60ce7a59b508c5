/** GitHub's timestamps: ISO 8601 in UTC, whole seconds. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

export function nullableTimestamp(ms: number | null): string | null {
  return ms === null ? null : timestamp(ms);
}
