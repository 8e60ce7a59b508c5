import { MAX_BRANCH_LENGTH } from '../branch.ts';
import { referencesIn } from '../references.ts';
import { isValidBranch } from '../valid-branch.ts';
import type { Finding, Rule } from './finding.ts';

const REFUSED =
  'Git refuses spaces, `~ ^ : ? * [ \\`, `..`, `@{`, a leading `-` or `refs/`, empty parts, parts that begin with `.` or end with `.lock`.';

/** With the plainest values the template is a valid branch; what values bring in, branchName makes valid. */
export const branchTemplate: Rule = ({ branch, pullRequest }) => {
  const findings: Finding[] = [];
  if (branch !== null) {
    const plain = withPlainValues(branch);
    const code = 'branch';
    if (!isValidBranch(plain)) {
      const message = `\`${branch.slice(0, 80)}\` makes a branch that git refuses.`;
      findings.push({ path: ['branch'], code, message, hint: REFUSED });
    } else if (plain.length > MAX_BRANCH_LENGTH) {
      const message = `\`branch\` is longer than ${MAX_BRANCH_LENGTH} characters.`;
      findings.push({ path: ['branch'], code, message, hint: 'Shorten it.' });
    }
  }
  if (pullRequest.base !== null && !isValidBranch(pullRequest.base)) {
    const message = `\`${pullRequest.base.slice(0, 80)}\` cannot be the name of a branch.`;
    findings.push({ path: ['pull_request', 'base'], code: 'branch', message, hint: REFUSED });
  }
  return findings;
};

function withPlainValues(template: string): string {
  let from = 0;
  let plain = '';
  for (const { at } of referencesIn(template)) {
    plain += `${template.slice(from, at.offset)}x`;
    from = at.offset + at.length;
  }
  return plain + template.slice(from);
}
