/** JSON of an answer: all of it, or its last fenced block. Undefined: there is none. */
export function parseAnswer(text: string): unknown {
  const whole = parseJson(text.trim());
  if (whole !== undefined) return whole;
  const lines = text.split('\n');
  const end = lines.findLastIndex((line) => /^\s*(```+|~~~+)\s*$/.test(line));
  const start = lines.slice(0, Math.max(0, end)).findLastIndex((line) => /^\s*(```+|~~~+)\s*(json)?\s*$/i.test(line));
  return start === -1 ? undefined : parseJson(lines.slice(start + 1, end).join('\n'));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
