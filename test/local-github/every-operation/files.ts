import { z } from 'zod';
import { type Walk, withSha } from './walk.ts';

const api = '/repos/acme/alpha';
const accept = (media: string) => ({ headers: { accept: `application/vnd.github.${media}` } });
const written = z.looseObject({ content: withSha });

/** Files and folders of every kind; needs the branch `kinds`. */
export async function walkContents({ ask, app }: Walk): Promise<void> {
  for (const path of ['', 'deep', 'deep/er/file.txt', 'run', 'link', 'dangling', 'vendor']) {
    await ask(200, 'GET', `${api}/contents/${path}?ref=kinds`, { token: app });
  }
  await ask(200, 'GET', `${api}/contents/README.md`, { token: app, ...accept('raw+json') });
  const person = { name: 'Mona', email: 'mona@example.com' };
  const added = written.parse(
    await ask(201, 'PUT', `${api}/contents/new%20file.txt`, {
      token: app,
      body: { message: 'Add', content: 'YQ==', branch: 'kinds', author: person, committer: person },
    }),
  );
  const changed = written.parse(
    await ask(200, 'PUT', `${api}/contents/new%20file.txt`, {
      body: { message: 'Change', content: 'Yg==', branch: 'kinds', sha: added.content.sha },
    }),
  );
  const removal = { message: 'Remove', sha: changed.content.sha, branch: 'kinds' };
  await ask(200, 'DELETE', `${api}/contents/new%20file.txt`, { token: app, body: removal });
  const workflow = { message: 'CI', content: 'YQ==', branch: 'kinds' };
  await ask(201, 'PUT', `${api}/contents/.github/workflows/ci.yml`, { token: app, body: workflow });
}

/** Branches, commits and comparisons; needs the branch `kinds`. */
export async function walkHistory({ ask, app }: Walk): Promise<void> {
  await ask(200, 'GET', `${api}/branches?per_page=1`, { token: app });
  await ask(200, 'GET', `${api}/branches?protected=true`);
  for (const branch of ['main', 'release']) await ask(200, 'GET', `${api}/branches/${branch}`, { token: app });
  await ask(200, 'GET', `${api}/commits?sha=kinds&per_page=2`, { token: app });
  await ask(200, 'GET', `${api}/commits?path=README.md&since=2020-01-01T00:00:00Z&until=2100-01-01T00:00:00Z`);
  await ask(200, 'GET', `${api}/commits?author=octocat&committer=octocat`);
  await ask(200, 'GET', `${api}/commits/kinds`, { token: app });
  await ask(200, 'GET', `${api}/commits/main?per_page=5&page=1`);
  await ask(200, 'GET', `${api}/compare/main...kinds`, { token: app });
  await ask(200, 'GET', `${api}/compare/kinds...main?per_page=1&page=1`);
  await ask(200, 'GET', `${api}/compare/acme:main...main`);
  for (const media of ['diff', 'patch']) {
    await ask(200, 'GET', `${api}/commits/kinds`, accept(media));
    await ask(200, 'GET', `${api}/compare/main...kinds`, accept(media));
  }
  await ask(200, 'GET', `${api}/commits/kinds`, accept('sha'));
}
