import { type Walk, withObject, withSha } from './walk.ts';

const api = '/repos/acme/alpha/git';
const symlink = '120000';
const submodule = '160000';

/** Blobs, trees, commits and refs, with a symlink, a directory, an executable and a submodule among the files. */
export async function walkGitDatabase(walk: Walk): Promise<void> {
  const { ask, app } = walk;
  const head = withObject.parse(await ask(200, 'GET', `${api}/ref/heads/main`, { token: app })).object.sha;
  const blob = await walkBlobs(walk);
  const tree = await walkTrees(walk, head, blob);
  const commit = await walkCommits(walk, tree, head);
  await ask(201, 'POST', `${api}/refs`, { token: app, body: { ref: 'refs/heads/kinds', sha: commit } });
  await ask(201, 'POST', `${api}/refs`, { body: { ref: 'refs/tags/v1', sha: commit } });
  await ask(201, 'POST', `${api}/refs`, { body: { ref: 'refs/heads/release', sha: head } });
  await ask(201, 'POST', `${api}/refs`, { body: { ref: 'refs/heads/moves', sha: head } });
  await ask(200, 'PATCH', `${api}/refs/heads/moves`, { token: app, body: { sha: commit } });
  await ask(200, 'PATCH', `${api}/refs/heads/moves`, { token: app, body: { sha: head, force: true } });
  await ask(204, 'DELETE', `${api}/refs/heads/moves`, { token: app });
  await ask(200, 'GET', `${api}/ref/tags/v1`);
  for (const refs of ['heads/', 'tags/v', 'nothing']) await ask(200, 'GET', `${api}/matching-refs/${refs}`);
}

async function walkBlobs({ ask, app }: Walk): Promise<string> {
  await ask(201, 'POST', `${api}/blobs`, { token: app, body: { content: 'a2luZHM=', encoding: 'base64' } });
  const { sha } = withSha.parse(await ask(201, 'POST', `${api}/blobs`, { body: { content: 'src/a.txt' } }));
  await ask(200, 'GET', `${api}/blobs/${sha}`, { token: app });
  return sha;
}

async function walkTrees({ ask, app }: Walk, head: string, blob: string): Promise<string> {
  const tree = [
    { path: 'deep/er/file.txt', mode: '100644', type: 'blob', content: 'deep\n' },
    { path: 'run', mode: '100755', type: 'blob', content: '#!/bin/sh\n' },
    { path: 'link', mode: symlink, type: 'blob', sha: blob },
    { path: 'dangling', mode: symlink, type: 'blob', content: 'nowhere' },
    { path: 'vendor', mode: submodule, type: 'commit', sha: head },
    { path: '.gitmodules', mode: '100644', content: '[submodule "v"]\n\tpath = vendor\n\turl = ../vendor.git\n' },
  ];
  await ask(201, 'POST', `${api}/trees`, { body: { tree: tree.slice(0, 1) } });
  const { sha } = withSha.parse(
    await ask(201, 'POST', `${api}/trees`, { token: app, body: { base_tree: head, tree } }),
  );
  const under = [
    { path: 'copy', mode: '040000', type: 'tree', sha },
    { path: 'README.md', mode: '100644', type: 'blob', sha: null },
  ];
  await ask(201, 'POST', `${api}/trees`, { token: app, body: { base_tree: sha, tree: under } });
  await ask(200, 'GET', `${api}/trees/${sha}`, { token: app });
  await ask(200, 'GET', `${api}/trees/${sha}?recursive=1`, { token: app });
  await ask(200, 'GET', `${api}/trees/main`, { token: app });
  return sha;
}

async function walkCommits({ ask, app }: Walk, tree: string, head: string): Promise<string> {
  const person = { name: 'Mona', email: 'mona@example.com', date: '2026-01-02T03:04:05Z' };
  const own = { message: 'Root', tree, author: person, committer: { name: 'Mona', email: 'mona@example.com' } };
  const unsigned = withSha.parse(await ask(201, 'POST', `${api}/commits`, { body: own }));
  const signed = withSha.parse(
    await ask(201, 'POST', `${api}/commits`, { token: app, body: { message: 'Every kind', tree, parents: [head] } }),
  );
  for (const { sha } of [unsigned, signed]) await ask(200, 'GET', `${api}/commits/${sha}`, { token: app });
  return signed.sha;
}
