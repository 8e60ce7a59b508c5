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

const ASKING = ['prompt', 'command', 'loop'];

/** A node of format 2, with those within it. */
const unlimited: z.ZodType = z.lazy(() =>
  z
    .looseObject({ kind: z.string(), nodes: z.array(unlimited).optional() })
    .transform((written) => (ASKING.includes(written.kind) ? { budgetUsd: null, ...written } : written)),
);

/** Plans from before fleets had waves and budgets. */
const format2 = z
  .looseObject({
    format: z.literal(2),
    workflow: z
      .looseObject({
        nodes: z.array(unlimited),
        limits: z.looseObject({}).transform((limits) => ({ budgetUsd: null, ...limits })),
      })
      .transform((workflow) => ({ rollout: null, siblings: [], ...workflow })),
    targets: z.array(z.looseObject({}).transform((target) => ({ wave: 0, stage: 0, ...target }))),
  })
  .transform((plan) => ({ budgetUsd: null, siblings: [], ...plan, format: 3 }));

/** Plans from before a command could ask for a preview. */
const withoutPreview = z
  .looseObject({ flags: z.looseObject({ preview: z.undefined().optional() }) })
  .transform(({ flags, ...plan }) => ({ ...plan, flags: { ...flags, preview: false } }));

/** Plans from before tasks had budgets and agents were estimated. */
const withoutTaskBudget = z
  .looseObject({
    format: z.literal(3),
    workflow: z.looseObject({ limits: z.looseObject({ taskBudgetUsd: z.undefined().optional() }) }),
  })
  .transform(({ workflow, ...plan }) => ({
    agentEstimate: null,
    ...plan,
    workflow: { ...workflow, limits: { ...workflow.limits, taskBudgetUsd: null } },
  }));

/** Plans from before anybody was told when a fleet waits. */
const withoutNotify = z
  .looseObject({ format: z.literal(3), notify: z.undefined().optional() })
  .transform((plan) => ({ ...plan, notify: { mention: false, webhook: null } }));

/** A stored plan in today's format; what is none stays as it is, for its reader to refuse. */
export function upgradePlan(stored: unknown): unknown {
  return [format1, format2, withoutPreview, withoutTaskBudget, withoutNotify].reduce((plan: unknown, older) => {
    const read = older.safeParse(plan);
    return read.success ? read.data : plan;
  }, stored);
}
