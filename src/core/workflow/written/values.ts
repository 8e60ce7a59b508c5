import { z } from 'zod';
import { durationMs } from '../duration.ts';
import { DURATION } from './name-patterns.ts';

/**
 * Values as a person writes them. Each `error` text is the hint of a fault: what to write instead. What `meta` says goes
 * into docs/workflow.schema.json and docs/workflow-reference.md; it refuses nothing here.
 */

const MAX_USD = 100_000;

/** @param pattern for editors; the rules refuse what does not fit, and say why */
export const text = (hint: string, pattern?: string) => {
  const schema = z.string({ error: hint }).min(1, { error: hint });
  return pattern === undefined ? schema : schema.meta({ pattern });
};

export const flag = () => z.boolean({ error: 'Write true or false.' });

export const count = (hint: string, most = 10_000) =>
  z.int({ error: hint }).min(1, { error: hint }).max(most, { error: hint });

/** US dollars. */
export const money = () => {
  const hint = `Write US dollars as a number, more than 0 and at most ${MAX_USD}: 2.5.`;
  return z.number({ error: hint }).positive({ error: hint }).max(MAX_USD, { error: hint });
};

/** @param pattern of each, for editors */
export const texts = (hint: string, pattern?: string) =>
  z.union([text(hint, pattern), z.array(text(hint, pattern), { error: hint })], { error: hint });

export const duration = () => {
  const hint = 'Write a number and a unit, 7d at most: 30s, 10m, 2h.';
  return z
    .string({ error: hint })
    .refine((written) => durationMs(written) !== null, { error: hint })
    .meta({ pattern: DURATION });
};

/**
 * Name to template.
 * @param pattern of the names, for editors
 */
export const values = (hint: string, pattern?: string) => {
  const value = z.string({ error: 'Write a text; put numbers, true and false in quotes.' });
  const schema = z.record(z.string(), value, { error: hint });
  return pattern === undefined ? schema : schema.meta({ propertyNames: { pattern } });
};
