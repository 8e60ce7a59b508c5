import { z } from 'zod';
import { POINTS, SIDES } from './points.ts';

/** At which point the app dies: on one side of the `occurrence`th time that it gets there once this is armed, from 1. */
export const deathSchema = z.strictObject({
  point: z.enum(POINTS),
  side: z.enum(SIDES),
  occurrence: z.int().min(1),
});
export type Armed = z.infer<typeof deathSchema>;
/** It dies at whichever it meets first. */
export const armedSchema = z.array(deathSchema);

/** Environment of the app: the file with what is armed, and the file that a dying process writes. */
export const ARMED_FILE = 'FAULTS_ARMED_FILE';
export const DEATH_FILE = 'FAULTS_DEATH_FILE';
