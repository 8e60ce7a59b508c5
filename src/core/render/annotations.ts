import type { Fault } from '../workflow/types.ts';

export type Severity = 'error' | 'warning';

/**
 * A fault as a workflow command of GitHub Actions, which shows it beside the line in the pull request.
 * Source of the escaping: github.com/actions/toolkit, packages/core/src/command.ts.
 * @param file as the repository's root sees it
 */
export function annotation({ line, column, code, message, hint }: Fault, severity: Severity, file: string): string {
  const properties = Object.entries({ file, line, col: column, title: code })
    .map(([name, value]) => `${name}=${inProperty(String(value))}`)
    .join(',');
  return `::${severity} ${properties}::${inMessage(`${message} ${hint}`.trim())}`;
}

const inMessage = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const inProperty = (text: string): string => inMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
