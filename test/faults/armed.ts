import { z } from 'zod';
import { POINTS, SIDES } from './points.ts';

/** At which point the app dies: on one side of the `occurrence`th time that it gets there, from 1. */
export const armedSchema = z.strictObject({
  point: z.enum(POINTS),
  side: z.enum(SIDES),
  occurrence: z.int().min(1),
});
export type Armed = z.infer<typeof armedSchema>;

/** Environment of the app: the file with what is armed (`null`: nothing), and the file that a dying process writes. */
export const ARMED_FILE = 'FAULTS_ARMED_FILE';
export const DEATH_FILE = 'FAULTS_DEATH_FILE';
