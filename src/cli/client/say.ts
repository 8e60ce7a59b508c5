import type { Ink } from './fleet-lines.ts';

/** What was asked for. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** As one line of JSON, in which nothing moves a terminal's cursor or turns its text around. */
export function sayJson(value: unknown): void {
  const escaped = JSON.stringify(value).replace(
    /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  say(escaped);
}

/** What a person should know beside it. */
export function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** As Node decides it: a terminal, and neither NO_COLOR nor a terminal without colours. */
export const inkOf = (stream: NodeJS.WriteStream): Ink => ({ colours: stream.isTTY && stream.hasColors() });
