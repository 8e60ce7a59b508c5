import { quoteToken } from '../core/command/quote-token.ts';
import type { Person, Plan, Repository } from '../core/plan.ts';
import { Refusal } from '../core/refusals.ts';
import { repositories } from '../core/render/amounts.ts';
import { entryText } from '../core/selection/faults.ts';
import { compileEntry } from '../core/selection/match-entry.ts';
import type { Workflow } from '../core/workflow/types.ts';
import type { GitHubReads } from '../ports/github-reads.ts';

export const MAX_SIBLINGS = 20;
const SHOWN = 10;

/**
 * What a workflow reads beside its clones: only what the person whose permission counts can read, too. Which of them lie
 * beside which clone is said by visibility when the task begins. Throws Refusal.
 */
export async function selectSiblings(
  reads: Pick<GitHubReads, 'repositories' | 'targetFacts'>,
  { siblings }: Pick<Workflow, 'siblings'>,
  { control, runAs }: { control: Pick<Repository, 'ownerLogin'>; runAs: Person },
): Promise<Plan['siblings']> {
  if (siblings.length === 0) return [];
  const readable = (await reads.repositories()).filter(({ disabled }) => !disabled);
  const selected = new Map<number, Repository>();
  const missing: string[] = [];
  for (const [index, entry] of siblings.entries()) {
    const found = readable.filter(compileEntry(entry, control.ownerLogin));
    if (found.length === 0) missing.push(`entry ${index + 1} (${quoteToken(entryText(entry))})`);
    for (const repository of found) selected.set(repository.id, repository);
  }
  if (missing.length > 0) throw nothingFound(missing);
  if (selected.size > MAX_SIBLINGS) {
    throw new Refusal(
      'invalid_workflow',
      `\`siblings:\` selects ${repositories(selected.size)}; each would be copied beside every clone, so ${MAX_SIBLINGS} are allowed.`,
      'Name the ones that the nodes read.',
    );
  }
  const facts = await reads.targetFacts([...selected.values()], runAs);
  return [...selected.values()]
    .filter(({ id }) => {
      const fact = facts.get(id);
      return fact !== undefined && !fact.empty && fact.permission !== null && fact.permission !== 'none';
    })
    .map(({ id, fullName }) => ({ repositoryId: id, repository: fullName }))
    .toSorted((a, b) => (a.repository < b.repository ? -1 : 1));
}

function nothingFound(missing: readonly string[]): Refusal {
  return new Refusal(
    'invalid_workflow',
    `In \`siblings:\`, ${missing.slice(0, SHOWN).join(', ')} ${missing.length === 1 ? 'matches' : 'match'} no repository in which the app is installed.`,
    'Correct what matches nothing, or remove it.',
  );
}
