/** The text with what may be secret of its addresses hidden, for showing lines of it; every other character keeps its column. */
export function hideAddresses(text: string): string {
  return text.replace(/(https?:\/\/[^\s/?#"'`,}\]]*)([^\s"'`]*)/gi, (_, origin: string, rest: string) => {
    const end = /[,}\]]*$/.exec(rest)?.[0] ?? '';
    return `${origin}${'*'.repeat(rest.length - end.length)}${end}`;
  });
}
