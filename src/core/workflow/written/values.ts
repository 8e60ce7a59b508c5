import { z } from 'zod';
import { durationMs } from '../duration.ts';

/** Values as a person writes them. Each `error` text is the hint of a fault: what to write instead. */

export const text = (hint: string) => z.string({ error: hint }).min(1, { error: hint });

export const flag = () => z.boolean({ error: 'Write true or false.' });

export const count = (hint: string, most = 10_000) =>
  z.int({ error: hint }).min(1, { error: hint }).max(most, { error: hint });

export const texts = (hint: string) => z.union([text(hint), z.array(text(hint), { error: hint })], { error: hint });

export const duration = () => {
  const hint = 'Write a number and a unit, 7d at most: 30s, 10m, 2h.';
  return z.string({ error: hint }).refine((written) => durationMs(written) !== null, { error: hint });
};

/** Name to template. */
export const values = (hint: string) =>
  z.record(z.string(), z.string({ error: 'Write a text; put numbers, true and false in quotes.' }), { error: hint });
