/** What is wrong with a request's inputs or selection. Markdown, neutralized. */
import type { LeftOut } from '../plan.ts';
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
