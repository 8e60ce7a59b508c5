import { redact } from '../../core/render/redact.ts';
import { cleanLines } from '../../core/render/terminal-text.ts';
import type { Finding } from './finding.ts';

const MARKS: Readonly<Record<Finding['state'], string>> = { ok: '✓', warning: '!', fault: '✗' };
const MOST_CHARACTERS = 1_500;

/** As it may be shown: bounded, no control characters, no credentials. */
export function shownFinding(finding: Finding, secrets: readonly string[]): Finding {
  const shown = (text: string): string => {
    const clean = redact(cleanLines(text), secrets);
    return clean.length > MOST_CHARACTERS ? `${clean.slice(0, MOST_CHARACTERS)} …` : clean;
  };
  const { what, remedy } = finding;
  return { ...finding, what: shown(what), remedy: remedy === null ? null : shown(remedy) };
}

export function findingLines({ state, what, remedy }: Finding): string[] {
  const [first = '', ...more] = what.split('\n');
  return [
    `${MARKS[state]} ${first}`,
    ...more.map((line) => `    ${line}`),
    ...(remedy === null ? [] : remedy.split('\n').map((line, index) => `  ${index === 0 ? '→' : ' '} ${line}`)),
  ];
}
