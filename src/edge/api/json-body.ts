import { ApiError } from './api-error.ts';

/** A list of 10,000 repositories fits. */
export const MOST_BODY_BYTES = 1024 * 1024;

/** Throws ApiError('invalid_request'). Of a key that stands twice the last one counts, as in all JSON. */
export function parseJson(text: string): unknown {
  if (text === '') return undefined;
  const parsed = json(text);
  // Assigning it somewhere would change what an object inherits; schemas pass it over in silence.
  if (hasKey(parsed, '__proto__')) throw refused('The body has a key `__proto__`.', 'Leave it out.');
  return parsed;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused('The body is not JSON.', 'Send one JSON object.');
  }
}

/** Anywhere within. Without recursion: a body can be deeper than the stack. */
function hasKey(value: unknown, key: string): boolean {
  const waiting = [value];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    if (Object.hasOwn(next, key)) return true;
    for (const one of Object.values(next)) if (typeof one === 'object' && one !== null) waiting.push(one);
  }
  return false;
}

const refused = (problem: string, remedy: string): ApiError => new ApiError('invalid_request', problem, remedy);
