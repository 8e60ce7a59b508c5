import { z } from 'zod';
import { fleetSchema } from './fleet.ts';

const repositories = z
  .string()
  .min(1)
  .max(1000)
  .optional()
  .describe('A glob on `owner/repo`, or on the name where it has no slash; absent: all');

/** Of `/retry`, `/publish` and `/undo`. */
export const meantSchema = z
  .strictObject({ repositories })
  .meta({ id: 'Meant', examples: [{ repositories: 'service-*' }] });

/** Of `/approve` and `/reject`. */
export const verdictSchema = z
  .strictObject({
    on: z
      .enum(['plan', 'gate'])
      .optional()
      .describe('The plan, or what holds the fleet as a whole; absent: what it waits for when this arrives'),
    repositories,
    node: z.string().min(1).max(200).optional().describe('Id of an `approval` node'),
    decision: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .describe("One of the approval's decisions; absent: the verb's name"),
    text: z.string().max(8192).optional().describe('One line that goes along with the decision'),
  })
  .meta({ id: 'Verdict', examples: [{ repositories: 'service-*', node: 'review', text: 'Looks good' }] });

const fleet = fleetSchema.describe('As it is after that');

export const cancelledSchema = z
  .object({
    fleet,
    stopping: z.int().describe('Tasks that have not ended so far and are being stopped'),
    publishing: z.int().describe('Tasks whose push had begun, which goes on'),
  })
  .meta({ id: 'Cancelled' });

export const turnedSchema = z.object({ fleet }).meta({ id: 'Turned' });

export const meantTasksSchema = z
  .object({ fleet, repositories: z.array(z.string()).describe('Where it is done, `owner/name` in plan order') })
  .meta({ id: 'MeantTasks' });

export const decidedSchema = z
  .object({
    fleet,
    on: z.enum(['plan', 'gate', 'nodes']).describe('What was approved or rejected'),
    wave: z.int().nullable().describe('The one that was released with it, from 0'),
    decision: z.string().nullable().describe('Of `nodes`'),
    decided: z
      .array(z.object({ repository: z.string(), node: z.string() }))
      .describe('The approvals that this has answered'),
  })
  .meta({ id: 'Decided' });
