/** What is wrong with a request's inputs or selection. Markdown, neutralized. */
import type { LeftOut } from '../plan.ts';
import type { Fault } from '../workflow/types.ts';
import { plural } from './amounts.ts';
import { codeSpan, safeProse } from './safe-text.ts';

const SHOWN = 50;

export function renderInputFaults(faults: readonly { input: string; message: string; hint: string }[]): string {
  const lines = faults
    .slice(0, SHOWN)
    .map(({ input, message, hint }) =>
      `- ${codeSpan(input, 100)}: ${safeProse(message, 600)} ${safeProse(hint, 600)}`.trimEnd(),
    );
  return `\n\n${lines.join('\n')}`;
}

/** Where the faults of a file are that readers of the reply may not see. Messages and hints can quote it too. */
export function renderFaultPlaces(faults: readonly Fault[], repository: string): string {
  const shown = faults
    .slice(0, SHOWN)
    .map(({ file, line, column }) => `- ${codeSpan(`${file}:${line}:${column}`, 300)}`);
  if (faults.length > SHOWN) shown.push(`- … and ${plural(faults.length - SHOWN, 'more fault', 'more faults')}`);
  const why = `What is wrong there is not shown here, because not everybody who can read this can see ${codeSpan(repository, 200)}.`;
  return `\n\n${shown.join('\n')}\n\n${why}`;
}

/** @param faults Markdown already: sentences of ours with the entries in code spans. */
export function renderSelectionFaults(faults: readonly string[], leftOut: readonly LeftOut[]): string {
  const lines = faults.slice(0, SHOWN).map((fault) => `- ${fault}`);
  if (leftOut.length === 0) return `\n\n${lines.join('\n')}`;
  const named = leftOut
    .slice(0, SHOWN)
    .map(({ repository, detail }) => `- ${codeSpan(repository, 200)}: ${safeProse(detail, 300)}`);
  if (leftOut.length > SHOWN) named.push(`- … and ${leftOut.length - SHOWN} more`);
  return `\n\n${lines.join('\n')}\n\nLeft out:\n\n${named.join('\n')}`;
}
