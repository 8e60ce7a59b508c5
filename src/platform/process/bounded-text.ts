/** The first and the last bytes of a stream, with a notice between them when something was left out. */
export interface BoundedText {
  add(chunk: Uint8Array): void;
  text(): string;
}

/** Keeps `headBytes` from the start and `tailBytes` from the end. */
export function createBoundedText(headBytes: number, tailBytes: number): BoundedText {
  let head = Buffer.alloc(0);
  let tail: Buffer[] = [];
  let tailLength = 0;
  let total = 0;

  function compact(): Buffer {
    const joined = Buffer.concat(tail);
    const kept = joined.subarray(Math.max(0, joined.length - tailBytes));
    tail = [kept];
    tailLength = kept.length;
    return kept;
  }

  return {
    add(chunk) {
      const bytes = Buffer.from(chunk);
      total += bytes.length;
      const toHead = Math.min(headBytes - head.length, bytes.length);
      if (toHead > 0) head = Buffer.concat([head, bytes.subarray(0, toHead)]);
      if (toHead === bytes.length) return;
      tail.push(bytes.subarray(toHead));
      tailLength += bytes.length - toHead;
      // Joining at twice the bound keeps the cost of many small chunks linear.
      if (tailLength > tailBytes * 2) compact();
    },
    text() {
      const end = compact();
      const left = total - head.length - end.length;
      if (left === 0) return Buffer.concat([head, end]).toString('utf8');
      const notice = headBytes === 0 ? '' : `\n[${left} bytes left out]\n`;
      return `${withoutSplitEnd(head).toString('utf8')}${notice}${withoutSplitStart(end).toString('utf8')}`;
    },
  };
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

function withoutSplitStart(bytes: Buffer): Buffer {
  let start = 0;
  while (start < 3 && isContinuation(bytes[start])) start += 1;
  return bytes.subarray(start);
}

function withoutSplitEnd(bytes: Buffer): Buffer {
  let start = bytes.length - 1;
  while (start > bytes.length - 4 && isContinuation(bytes[start])) start -= 1;
  const lead = bytes[start] ?? 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return start + length > bytes.length ? bytes.subarray(0, start) : bytes;
}
