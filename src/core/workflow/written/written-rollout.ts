import { z } from 'zod';
import { percentOf } from '../percent.ts';
import { PERCENT } from './name-patterns.ts';
import { count, text } from './values.ts';
import { writtenService } from './written-service.ts';

const SHARE = 'Write a number from 1, or a share from 1% to 100%: 25%.';

const percentage = z
  .string({ error: SHARE })
  .refine((written) => percentOf(written) !== null, { error: SHARE })
  .meta({ pattern: PERCENT });

const share = () => z.union([count(SHARE, 100_000), percentage], { error: SHARE });

const NAMES = 'Write a number, names of repositories, or an entry such as { tag: role:canary }.';
const AFTER = 'Write an entry such as { tag: role:library }, or a list of them.';

export const writtenRollout = z.strictObject(
  {
    canary: z
      .union([count(NAMES, 100_000), z.array(text(NAMES), { error: NAMES }).min(1, { error: NAMES }), writtenService], {
        error: NAMES,
      })
      .optional()
      .describe('The repositories that go first: how many, their names, or an entry as under `services`.'),
    waves: z
      .array(share(), { error: 'Write a list: [25%, 100%].' })
      .min(1, { error: 'Add a wave, or leave `waves` out.' })
      .max(20, { error: 'Twenty waves at most.' })
      .optional()
      .describe(
        'How many of all repositories are released with each wave, as numbers or percentages of all, the canary and earlier waves included. What is left after the last one is one more wave.',
      ),
    halt_on_failure: share()
      .optional()
      .describe(
        'Stops starting repositories when that many have failed, or that share of the wave or of the fleet; `/fleet approve` goes on.',
      ),
    approve: z
      .enum(['canary', 'each', 'none'], { error: 'Write canary, each or none.' })
      .optional()
      .describe('What waits for `/fleet approve` before the next wave: the canary, each wave, or none.'),
    after: z
      .union(
        [
          writtenService,
          z
            .array(writtenService, { error: AFTER })
            .min(1, { error: AFTER })
            .max(20, { error: 'Twenty entries at most.' }),
        ],
        { error: AFTER },
      )
      .optional()
      .describe(
        'Repositories whose tasks end before the others begin, for libraries before their consumers. Of a list, one entry after the other.',
      ),
  },
  { error: 'Write a map: { canary: 1, waves: [25%, 100%] }.' },
);

export type WrittenRollout = z.infer<typeof writtenRollout>;
