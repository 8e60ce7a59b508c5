import { LineCounter } from 'yaml';
import type { Beside } from '../beside.ts';
import type { Finding } from '../rules/finding.ts';
import type { Fault } from '../types.ts';
import { type Place, placeOfKey, placeOfOffset, placeOfValue, type YamlFile } from './places.ts';

/** A fault quotes the file, in which a name can have a million characters. */
const MAX_TEXT = 1000;

/** Findings with the lines and columns where they stand, in the order of the file; those in files beside it come last. */
export function locate(source: YamlFile, file: string, findings: readonly Finding[], beside: Beside): Fault[] {
  return findings
    .map((finding) => {
      const { code, message, hint } = finding;
      const text = finding.file && finding.excerpt ? beside.file(finding.file) : undefined;
      const own = { code, message: cut(message), hint: cut(hint) };
      if (text === undefined || !finding.file) return { file, ...placeIn(source, finding), ...own };
      return { file: fileBeside(file, finding.file), ...placeInText(text, finding.excerpt?.offset ?? 0), ...own };
    })
    .sort((a, b) => Number(a.file !== file) - Number(b.file !== file) || a.line - b.line || a.column - b.column);
}

/** `acme/platform:.github/fleet/x.yml` and `run.mjs` give `acme/platform:.github/fleet/run.mjs`. */
export const fileBeside = (file: string, path: string): string => `${/^.*[/:]/.exec(file)?.[0] ?? ''}${path}`;

const placeIn = (source: YamlFile, { path, onKey, excerpt }: Finding): Place =>
  onKey ? placeOfKey(source, path) : placeOfValue(source, path, excerpt);

function placeInText(text: string, offset: number): Place {
  const lines = new LineCounter();
  for (let at = 0; at !== -1; at = text.indexOf('\n', at) + 1 || -1) lines.addNewLine(at);
  return placeOfOffset({ lines }, offset);
}

const cut = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}...` : text);
