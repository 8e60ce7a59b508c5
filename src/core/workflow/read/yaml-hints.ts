/** Turns an error of the YAML library into what a person can act on. */
export function yamlHint(code: string, message: string): { code: string; message: string; hint: string } {
  if (message.includes('call stack')) {
    return { code: 'too_deep', message: 'The file is nested too deeply to be read.', hint: 'Flatten it.' };
  }
  switch (code) {
    case 'MULTIPLE_DOCS':
      return {
        code: 'multiple_documents',
        message: 'The file holds more than one YAML document.',
        hint: 'One file is one workflow: remove the line `---` and what follows, or move it to a file of its own.',
      };
    case 'TAB_AS_INDENT':
      return { code: 'yaml', message: `YAML: ${message}.`, hint: 'Indent with spaces.' };
    case 'NON_STRING_KEY':
      return {
        code: 'yaml',
        message: 'A key must be a text.',
        hint: 'Put the key in quotes; where a text begins with {{ }}, the whole text.',
      };
    case 'TAG_RESOLVE_FAILED':
      return { code: 'yaml', message: `YAML: ${message}.`, hint: 'Remove the tag (`!...`), or quote the text.' };
    default:
      return {
        code: 'yaml',
        message: `YAML: ${message}.`,
        hint: 'Check indentation, colons and quotes here; quote a text that holds ": " or " #", or begins with one of [ ] { } > | * & ! % # @ `.',
      };
  }
}

export function tooDeep(limit: number): { code: string; message: string; hint: string } {
  return { code: 'too_deep', message: `More than ${limit} levels are nested here.`, hint: 'Flatten it.' };
}
