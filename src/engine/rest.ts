/** A unit whose handler changed nothing would be started again at once, without end: it rests first. */
const REST_MS = 1_000;

export interface Rest {
  /** `version` names the unit and the state it was started in, so that any change of that state ends the rest. */
  begin(version: string, now: number): void;
  /** 0 when it does not rest. */
  until(version: string, now: number): number;
}

export function createRest(): Rest {
  const untils = new Map<string, number>();
  return {
    begin(version, now) {
      for (const [other, until] of untils) if (until <= now) untils.delete(other);
      untils.set(version, now + REST_MS);
    },
    until(version, now) {
      const until = untils.get(version) ?? 0;
      return until > now ? until : 0;
    },
  };
}
