/** Inside its list item; blank lines stay blank. To an expression other characters end a line too, but not to Markdown. */
export function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `  ${line}`))
    .join('\n');
}
