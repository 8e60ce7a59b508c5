const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/;
const QUOTE = /^ {0,3}>/;
const INDENTED = /^(?: {4}| {0,3}\t)/;
const QUOTED_TEXT = /^[ >]*[^\s>]/;

/**
 * The command in a comment: its first line that is not blank, fenced, quoted or indented, if that line starts with
 * the word `/fleet`. A reader has to see it as text, so whatever else comes first (an HTML comment, a list, a
 * sentence) makes the comment no command, and so does the paragraph that Markdown draws into a quote above it.
 */
export function findCommandLine(body: string): string | undefined {
  let fence: string | undefined;
  let insideQuote = false;
  for (const line of body.split(/\r\n|\r|\n/)) {
    if (fence !== undefined) {
      if (closesFence(line, fence)) fence = undefined;
      continue;
    }
    const text = line.replace(/\p{Zs}|\ufeff/gu, ' ');
    if (text.trim() === '') {
      insideQuote = false;
      continue;
    }
    fence = FENCE.exec(text)?.[1];
    if (fence !== undefined) {
      insideQuote = false;
      continue;
    }
    if (QUOTE.test(text)) {
      insideQuote = QUOTED_TEXT.test(text);
      continue;
    }
    if (insideQuote || INDENTED.test(text)) continue;
    return isCommand(text) ? line.trim() : undefined;
  }
  return undefined;
}

/** A fence is closed by a line of at least as many of the same character, and nothing else. */
function closesFence(line: string, fence: string): boolean {
  const closing = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1];
  return closing !== undefined && closing[0] === fence[0] && closing.length >= fence.length;
}

const isCommand = (text: string): boolean => /^\/fleet(?:\s|$)/.test(text.trimStart());
