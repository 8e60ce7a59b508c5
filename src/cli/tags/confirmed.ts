import { createInterface } from 'node:readline/promises';

/** Whether the person at the terminal says yes; false where there is none. */
export async function confirmed(what: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${what}? [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
