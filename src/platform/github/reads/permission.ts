import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import type { Person } from '../../../core/plan.ts';
import type { Permission } from '../../../ports/github-reads.ts';
import { parseAnswer } from '../answers.ts';
import { isNotFound } from '../errors.ts';
import { ownerAndRepo } from '../full-name.ts';

const answer = z.object({
  permission: z.enum(['admin', 'write', 'read', 'none']),
  role_name: z.string().optional(),
  user: z.object({ id: z.int() }).nullable(),
});

/**
 * GitHub's authoritative answer, which counts teams, the organization's base permission and public read.
 * A login that meanwhile belongs to another account has none.
 * `permission` knows four levels, `role_name` tells maintain from write and triage from read, and may be a custom role's.
 * Source: docs.github.com/rest/collaborators/collaborators, "Get repository permissions for a user".
 */
export async function readPermission(octokit: Octokit, fullName: string, person: Person): Promise<Permission> {
  const route = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';
  try {
    const { data } = await octokit.request(route, { ...ownerAndRepo(fullName), username: person.login });
    const { permission, role_name, user } = parseAnswer(answer, data, route);
    if (user?.id !== person.id) return 'none';
    if (permission === 'write' && role_name === 'maintain') return 'maintain';
    if (permission === 'read' && role_name === 'triage') return 'triage';
    return permission;
  } catch (error) {
    if (isNotFound(error)) return 'none';
    throw error;
  }
}
