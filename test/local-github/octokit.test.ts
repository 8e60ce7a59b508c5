import { composeCreatePullRequest } from 'octokit-plugin-create-pull-request';
import { Probot, ProbotOctokit } from 'probot';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { givenGitHub, repositories, type World } from './given-github.ts';

let world: World;

beforeAll(async () => {
  world = await givenGitHub([{ login: 'acme', repositories: repositories('alpha', 'beta') }]);
});
afterAll(() => world.close());

function probot(): Probot {
  const { github } = world;
  return new Probot({
    appId: github.app.id,
    privateKey: github.app.privateKeyPem,
    secret: github.app.webhookSecret,
    baseUrl: `${github.url}/api/v3`,
    logLevel: 'fatal',
    // Not the app: what the app may send, and uses, is held against its own requests.
    Octokit: ProbotOctokit.defaults({ userAgent: 'somebody' }),
  });
}

test("Probot's client signs in as the app and as its installation", async () => {
  const app = await probot().auth();
  expect((await app.rest.apps.getAuthenticated()).data).toMatchObject({ slug: 'flotilla' });
  const octokit = await probot().auth(world.github.app.installationId);
  const found = await octokit.paginate(octokit.rest.apps.listReposAccessibleToInstallation, { per_page: 1 });
  expect(found.map(({ full_name }) => full_name)).toEqual(['acme/alpha', 'acme/beta']);
});

test('the pull request plugin makes a verified commit and its pull request', async () => {
  const octokit = await probot().auth(world.github.app.installationId);
  const made = await composeCreatePullRequest(octokit, {
    owner: 'acme',
    repo: 'alpha',
    title: 'Bump',
    body: 'why',
    head: 'fleet/bump',
    base: 'main',
    changes: [{ commit: 'Bump', files: { 'src/a.txt': 'two\n', 'docs/new.md': '# New\n' } }],
  });
  expect(made?.data).toMatchObject({ number: 2, commits: 1, changed_files: 2, user: { login: 'flotilla[bot]' } });
  const commit = await octokit.rest.repos.getCommit({ owner: 'acme', repo: 'alpha', ref: 'fleet/bump' });
  expect(commit.data.commit.verification).toMatchObject({ verified: true });
});
