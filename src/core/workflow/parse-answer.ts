/** JSON can be read at depths at which writing it again overflows the stack. */
const MAX_DEPTH = 500;

/** JSON of an answer: all of it, or its last fenced block, labelled `json` or not at all, that holds some. Undefined: there is none. */
export function parseAnswer(text: string): unknown {
  const whole = parseJson(text.trim());
  if (whole !== undefined) return whole;
  for (const { label, content } of fencedBlocks(text).reverse()) {
    if (label !== '' && label !== 'json') continue;
    const value = parseJson(content);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** A block ends with a fence of the same sign that is as long as the one that began it; what never ends is none. */
function fencedBlocks(text: string): { label: string; content: string }[] {
  const lines = text.split('\n');
  const blocks: { label: string; content: string }[] = [];
  let open: { fence: string; label: string; from: number } | null = null;
  for (const [index, line] of lines.entries()) {
    const [, fence = '', rest = ''] = /^(`{3,}|~{3,})(.*)$/.exec(line.trim()) ?? [];
    if (fence === '') continue;
    const label = rest.trim().toLowerCase();
    if (open === null) open = { fence, label, from: index + 1 };
    else if (label === '' && fence.startsWith(open.fence)) {
      blocks.push({ label: open.label, content: lines.slice(open.from, index).join('\n') });
      open = null;
    }
  }
  return blocks;
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isDeeperThan(MAX_DEPTH, value) ? undefined : value;
  } catch {
    return undefined;
  }
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((one) => isDeeperThan(levels - 1, one));
}
