import type { Rule } from './finding.ts';

/** Programs that the machine must have, and files that must be there at the end. */
export const machine: Rule = function* ({ requires, evidence }) {
  for (const [index, program] of requires.entries()) {
    if (program === 'github') {
      const message = '`github` is no program: in Archon it asks for a login, which Flotilla needs from nobody.';
      yield { path: ['requires', index], code: 'program', message, hint: 'Remove it; it is not needed here.' };
    }
    if (/^[A-Za-z0-9][\w.+-]{0,99}$/.test(program)) continue;
    const message = `\`${program.slice(0, 80)}\` is no name of a program.`;
    yield { path: ['requires', index], code: 'program', message, hint: 'Write the name as one types it: npm.' };
  }
  for (const [index, path] of evidence.entries()) {
    if (
      path.length <= 500 &&
      path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && part !== '.git')
    )
      continue;
    const message = `\`${path.slice(0, 80)}\` is no path within the repository.`;
    yield {
      path: ['evidence', index],
      code: 'evidence',
      message,
      hint: 'Write a path from its root: reports/summary.md.',
    };
  }
};
