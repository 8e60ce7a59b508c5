import type { Excerpt } from '../read/places.ts';

/** What is dangerous in a command, and where in its text. */
export interface Warning {
  at: Excerpt;
  code: `warning/${string}`;
  message: string;
  hint: string;
}
