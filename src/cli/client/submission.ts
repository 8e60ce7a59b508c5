import type { Submission } from '../../edge/api/schemas/submission.ts';
import { usageError } from './client-error.ts';

/** Of the command line, as they are sent. */
export interface SubmissionFlags {
  workflow: string;
  tag: readonly string[];
  match: readonly string[];
  exclude: readonly string[];
  parallel?: number;
  plan: boolean;
  preview: boolean;
  draft: boolean;
  again: boolean;
}

interface SubmitChoices extends SubmissionFlags {
  /** `key=value` */
  words: readonly string[];
  repositories: readonly string[];
}

/** What is sent for these words and flags. @throws ClientError where a word is no `key=value` */
export function submissionOf(control: string, choices: SubmitChoices): Submission {
  const { workflow, words, repositories, tag, match, exclude, parallel, plan, preview, draft, again } = choices;
  const inputs = inputsOf(words);
  return {
    control_repository: control,
    workflow,
    ...(Object.keys(inputs).length === 0 ? {} : { inputs }),
    ...(tag.length + match.length + exclude.length === 0
      ? {}
      : { services: { tag: [...tag], match: [...match], exclude: [...exclude] } }),
    ...(repositories.length === 0 ? {} : { repositories: [...repositories] }),
    ...(plan ? { plan_only: true } : {}),
    ...(preview ? { preview: true } : {}),
    ...(draft ? { draft: true } : {}),
    ...(again ? { again: true } : {}),
    ...(parallel === undefined ? {} : { concurrency: parallel }),
  };
}

/** Always texts: `2.0` stays `2.0`. Split at the first `=`, as in a comment. */
function inputsOf(words: readonly string[]): Record<string, string> {
  const inputs = new Map<string, string>();
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 1) throw usageError(`\`${word}\` is no input.`, 'Write inputs as key=value, such as version=2.0.');
    const name = word.slice(0, at);
    if (inputs.has(name)) throw usageError(`The input \`${name}\` is given twice.`, 'Give it once.');
    inputs.set(name, word.slice(at + 1));
  }
  return Object.fromEntries(inputs);
}
