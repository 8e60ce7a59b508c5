import { z } from 'zod';
import { quoteToken } from './quote-token.ts';
import { Unreadable } from './unreadable.ts';
import { checkedValue, inputName } from './words.ts';

const inputValue = z.union([z.string(), z.number(), z.boolean()]);

/**
 * Inputs that came as a JSON object. Numbers and booleans become texts as JSON writes them, so `2.0` arrives as `2`.
 * By hand, because zod's records drop a key named `__proto__` without a word. Throws Unreadable with `example` as its hint.
 */
export function inputWords(inputs: unknown, example: string): Record<string, string> {
  if (inputs === undefined) return {};
  if (typeof inputs !== 'object' || inputs === null || Array.isArray(inputs)) {
    throw new Unreadable('`inputs` is not an object of texts, numbers or booleans.', example);
  }
  const texts = Object.entries(inputs).map(([name, value]) => {
    const scalar = inputValue.safeParse(value);
    if (!scalar.success) {
      throw new Unreadable(`The input ${quoteToken(name)} is not a text, number or boolean.`, example);
    }
    return [inputName(name), checkedValue(name, String(scalar.data))];
  });
  return Object.fromEntries(texts);
}

/** The values of a list of `name`, each as a flag of a command could hold it. Throws Unreadable. */
export function listWords(name: string, values: readonly string[]): string[] {
  return values.map((value) => {
    if (value.trim() === '') throw new Unreadable(`\`${name}\` holds an empty text.`, 'Leave it out.');
    return checkedValue(name, value);
  });
}
