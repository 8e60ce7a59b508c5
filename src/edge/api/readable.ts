import { Unreadable } from '../../core/command/unreadable.ts';
import { Refusal } from '../../core/refusals.ts';

/** Fields of a body that are held to what words of a command are. Throws Refusal('invalid_command'). */
export function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unreadable) throw new Refusal('invalid_command', error.message, error.hint);
    throw error;
  }
}
