import type { Ink } from './fleet-lines.ts';

/** What was asked for. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** What a person should know beside it. */
export function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** As Node decides it: a terminal, and neither NO_COLOR nor a terminal without colours. */
export const inkOf = (stream: NodeJS.WriteStream): Ink => ({ colours: stream.isTTY && stream.hasColors() });
