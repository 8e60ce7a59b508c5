import { z } from 'zod';

const line = z.object({
  level: z.number(),
  msg: z.string().optional(),
  err: z.object({ message: z.string() }).optional(),
});
/** pino's number. */
const ERROR = 50;

/** What a log holds that nothing but kills does not explain: errors, and lines that are no log at all; each once, with its count. */
export function loggedErrors(log: string): string[] {
  const counts = new Map<string, number>();
  for (const text of log.split('\n')) {
    const found = text === '' ? undefined : errorOf(text);
    if (found !== undefined) counts.set(found, (counts.get(found) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => `the app logged ${count} times: ${text}`);
}

function errorOf(text: string): string | undefined {
  const parsed = line.safeParse(parseJson(text));
  if (!parsed.success) return text.slice(0, 300);
  const { level, msg, err } = parsed.data;
  return level >= ERROR ? `${msg ?? 'no message'}${err === undefined ? '' : `: ${err.message}`}` : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
