import { InvalidArgumentError } from 'commander';

/** An option that can be given again and again. */
export function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

export function attempt(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 1) return number;
  throw new InvalidArgumentError('It is a number from 1 on.');
}

export function port(value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  throw new InvalidArgumentError('It is a number from 0 to 65535.');
}

/** Of a number from 1 to `most`. */
export const count =
  (most: number) =>
  (value: string): number => {
    const number = Number(value);
    if (Number.isInteger(number) && number >= 1 && number <= most) return number;
    throw new InvalidArgumentError(`It is a number from 1 to ${most}.`);
  };
