import { z } from 'zod';

/** git can hold no NUL in a commit. */
export const commitText = z.string().refine((text) => !text.includes('\0'), 'must not contain NUL');
export const commitMessage = commitText.min(1);

/** What git itself cuts off the ends of a name; of a name that is nothing else nothing would be left. */
const isNothing = (name: string): boolean => /^[\s\p{Cc}.,:;<>"\\']*$/u.test(name);
/** Dates that git takes; beyond them it writes no commit. */
const takes = (date: string): boolean => Date.parse(date) >= 0 && Date.parse(date) < Date.UTC(2100, 0);

export const person = z.strictObject({
  name: commitText.refine((name) => !isNothing(name), 'is not a name'),
  email: commitText,
  date: z.iso.datetime({ offset: true }).refine(takes, 'is out of range').optional(),
});
