/** What programs say when their box has no more of something, or reaches nobody; the first that fits is told. */
const SAID: readonly (readonly [RegExp, string])[] = [
  [/Refused by Flotilla/, 'its box may not reach that host; the operator allows hosts in `box.network`'],
  [
    /could not resolve host|EAI_AGAIN|temporary failure in name resolution|network is unreachable|ENETUNREACH/i,
    'its box has no network; the operator allows hosts in `box.network`',
  ],
  [
    /MemoryError|memory exhausted|cannot allocate memory|out of memory|ERR_MEMORY_ALLOCATION/i,
    'its box has `box.memory` and no more',
  ],
  [/fork: retry|resource temporarily unavailable/i, 'its box has `box.processes` and no more'],
];

/** Of a command that a limit of the kernel ended: 128 and the number of SIGXFSZ, SIGXCPU, SIGKILL (signal(7)). */
const STATUSES: Readonly<Record<number, string>> = {
  153: 'a file grew beyond `box.file_size`',
  152: 'it computed longer than `box.cpu_time`',
  137: 'it was killed, as what computes longer than `box.cpu_time` is',
};

/** What a boxed command that failed most likely lacked; null: nothing tells. */
export function boxHint(exitCode: number | null, tail: string): string | null {
  const byStatus = exitCode === null ? undefined : STATUSES[exitCode];
  return byStatus ?? SAID.find(([shape]) => shape.test(tail))?.[1] ?? null;
}
