import { z } from 'zod';

const node = z.looseObject({ kind: z.string() }).transform((written) => ({
  triggerRule: 'all_success',
  retry: null,
  alwaysRun: false,
  outputFormat: null,
  ...(written.kind === 'bash' ? { env: {} } : {}),
  ...written,
}));

/** Plans from before workflows had more than commands and prompts. */
const format1 = z
  .looseObject({
    format: z.literal(1),
    source: z.looseObject({}).transform((source) => ({ files: {}, includes: {}, ...source })),
    workflow: z
      .looseObject({ nodes: z.array(node) })
      .transform((workflow) => ({ opensPullRequests: true, requires: [], evidence: [], ...workflow })),
  })
  .transform((plan) => ({ ...plan, format: 2 }));

/** A stored plan in today's format; what is none stays as it is, for its reader to refuse. */
export function upgradePlan(stored: unknown): unknown {
  const older = format1.safeParse(stored);
  return older.success ? older.data : stored;
}
