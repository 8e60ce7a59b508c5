import { z } from 'zod';
import { fleetSchema, fleetSummarySchema, taskSchema } from '../../edge/api/schemas/fleet.ts';

/** Shown as it is: no server's text may pass for one. */
const id = z.string().regex(/^[ft]-[a-z2-7]{1,64}$/);

/** A newer server may say what this client does not know yet: enumerations are texts here, and unknown fields are left alone. */
const task = taskSchema.extend({ id, status: z.string(), outcome: z.string().nullable(), undo: z.string().nullish() });

const tolerant = { id, status: z.string(), door: z.string() };

export const fleetAnswer = fleetSchema.extend({
  ...tolerant,
  held: z.object({ gate: z.string(), opens: z.string() }).nullable(),
  tasks: z.array(task),
});

export const summaryAnswer = fleetSummarySchema.extend(tolerant);

export const submittedAnswer = z.object({ created: z.boolean(), fleet: fleetAnswer });

export type Fleet = z.infer<typeof fleetAnswer>;
export type FleetSummary = z.infer<typeof summaryAnswer>;
export type FleetTask = z.infer<typeof task>;
