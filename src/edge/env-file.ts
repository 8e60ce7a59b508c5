import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

type Values = Readonly<Record<string, string | undefined>>;

/**
 * Adds values to an .env file that only its owner can read: it holds the app's private key. Unset values are left out.
 * Throws when it already names an app: whoever reaches the setup page must not replace it.
 */
export function addToEnvFile(file: string, values: Values): void {
  if (Object.values(values).every((value) => value === undefined)) return;
  const known: Values = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  if (known.APP_ID && values.APP_ID) {
    throw new Error(`${file} already names the app ${known.APP_ID}. Remove APP_ID from it to set up another one.`);
  }
  const lines = Object.entries({ ...known, ...values }).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${quoted(value)}`],
  );
  const next = `${file}.new`;
  writeFileSync(next, `${lines.join('\n')}\n`, { mode: 0o600 });
  renameSync(next, file);
}

/** Probot hands the key over in quotes of its own; in double quotes \n is a new line again when it is read. */
function quoted(value: string): string {
  const plain = /^".*"$/s.test(value) ? value.slice(1, -1) : value;
  const quote = ['"', "'", '`'].find((mark) => !plain.includes(mark)) ?? '"';
  return quote === '"' ? `"${plain.replaceAll('\n', '\\n')}"` : `${quote}${plain}${quote}`;
}
