import type { z } from 'zod';
import { quoteToken } from '../command/quote-token.ts';
import { nearest } from '../nearest.ts';
import { type Path, placeOfKey, placeOfValue, type YamlFile } from '../workflow/read/places.ts';
import type { Fault } from '../workflow/types.ts';

export interface SettingsSource {
  /** Its name in faults. */
  file: string;
  yaml: YamlFile;
}

/** Finding the places of 40,000 wrong keys would take minutes. */
const MAX_FAULTS = 200;

type FaultText = Pick<Fault, 'code' | 'message' | 'hint'>;

/** What is said about keys that the schema does not know. */
export interface KnownKeys {
  /** Keys that exist, but not in this file. */
  elsewhere: readonly string[];
  elsewhereHint: string;
  /** The keys that the object at a path may have. */
  at(path: Path): readonly string[];
}

/** The written value when it has the schema's shape, else every fault (at most 200) with its place. */
export function checkShape<S extends z.ZodType>(
  source: SettingsSource,
  schema: S,
  known: KnownKeys,
): { ok: true; value: z.infer<S> } | { ok: false; faults: Fault[] } {
  const result = schema.safeParse(source.yaml.data ?? {});
  if (result.success) return { ok: true, value: result.data };
  const issues = result.error.issues.slice(0, MAX_FAULTS);
  return { ok: false, faults: issues.flatMap((issue) => faultsOf(source, issue, known)).slice(0, MAX_FAULTS) };
}

function faultsOf(source: SettingsSource, issue: z.core.$ZodIssue, known: KnownKeys): Fault[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.slice(0, MAX_FAULTS).map((key) => unknownKey(source, [...pathOf(issue), key], known));
    case 'invalid_key':
      return [
        faultAtKey(source, pathOf(issue), {
          code: 'invalid_value',
          message: `${nameOf(pathOf(issue))} ${issue.issues[0]?.message ?? issue.message}.`,
          hint: 'Rename it here.',
        }),
      ];
    default:
      return [
        faultAt(source, pathOf(issue), {
          code: 'invalid_value',
          message: `${nameOf(pathOf(issue))} ${issue.message}.`,
          hint: 'Correct the value here.',
        }),
      ];
  }
}

function unknownKey(source: SettingsSource, path: Path, known: KnownKeys): Fault {
  const keys = known.at(path.slice(0, -1));
  const key = String(path.at(-1));
  if (path.length === 1 && known.elsewhere.includes(key)) {
    const message = `${quoteToken(key)} exists only in the operator's file.`;
    return faultAtKey(source, path, { code: 'operator_only', message, hint: known.elsewhereHint });
  }
  const near = nearest(key, keys);
  return faultAtKey(source, path, {
    code: 'unknown_key',
    message: `${quoteToken(key)} is not a setting${path.length > 1 ? ` of ${nameOf(path.slice(0, -1))}` : ''}.`,
    hint:
      near === undefined ? `Known here are ${keys.map(quoteToken).join(', ')}.` : `Did you mean ${quoteToken(near)}?`,
  });
}

const nameOf = (path: Path): string => {
  if (path.length === 0) return 'The file';
  const name = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return quoteToken(name.replace(/^\./, ''));
};

/** A fault at the value of `path`, or at the nearest thing around it that is written down. */
export const faultAt = ({ file, yaml }: SettingsSource, path: Path, text: FaultText): Fault => ({
  file,
  ...placeOfValue(yaml, path),
  ...text,
});

const faultAtKey = ({ file, yaml }: SettingsSource, path: Path, text: FaultText): Fault => ({
  file,
  ...placeOfKey(yaml, path),
  ...text,
});

const pathOf = (issue: z.core.$ZodIssue): Path => issue.path.filter((step) => typeof step !== 'symbol');
