import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { givenGitHub, repositories, type World } from './given-github.ts';

const api = '/repos/acme/alpha';
const withSha = z.looseObject({ sha: z.string() });
let world: World;

beforeAll(async () => {
  world = await givenGitHub([{ login: 'acme', repositories: repositories('alpha') }]);
});
afterAll(() => world.close());

const made = async (path: string, body: object): Promise<string> =>
  withSha.parse((await world.api('POST', `${api}/git/${path}`, { body })).json).sha;

/** A commit on a new branch with these entries over those of main. */
async function branchWith(branch: string, tree: object[]): Promise<void> {
  const head = await world.api('GET', `${api}/git/ref/heads/main`);
  const base = z.looseObject({ object: withSha }).parse(head.json).object.sha;
  const written = await made('trees', { base_tree: base, tree });
  const sha = await made('commits', { message: branch, tree: written, parents: [base] });
  await world.api('POST', `${api}/git/refs`, { body: { ref: `refs/heads/${branch}`, sha } });
}

const pathsOf = async (treeish: string): Promise<string[]> => {
  const { json } = await world.api('GET', `${api}/git/trees/${treeish}?recursive=1`);
  const { tree } = z.looseObject({ tree: z.array(z.looseObject({ path: z.string() })) }).parse(json);
  return tree.map(({ path }) => path);
};

test('a folder in a new tree takes the place of the one before, and null removes it', async () => {
  const folder = await made('trees', { tree: [{ path: 'deep/b.txt', mode: '100644', content: 'b' }] });
  await branchWith('replaced', [{ path: 'src', mode: '040000', type: 'tree', sha: folder }]);
  expect(await pathsOf('replaced')).toEqual(['README.md', 'src', 'src/deep', 'src/deep/b.txt']);
  await branchWith('removed', [{ path: 'src', mode: '040000', type: 'tree', sha: null }]);
  expect(await pathsOf('removed')).toEqual(['README.md']);
});

test('a link to a file is answered as the file, any other as the link', async () => {
  const link = (path: string, target: string) => ({ path, mode: '120000', type: 'blob', content: target });
  await branchWith('links', [
    link('near', 'src/a.txt'),
    link('src/up', '../README.md'),
    link('folder', 'src'),
    link('outside', '../../etc/passwd'),
    link('circle', 'circle'),
  ]);
  const read = async (path: string) => (await world.api('GET', `${api}/contents/${path}?ref=links`)).json;
  expect(await read('near')).toMatchObject({ type: 'file', path: 'near', size: 4, content: 'b25lCg==\n' });
  expect(await read('src/up')).toMatchObject({ type: 'file', size: 8 });
  expect(await read('folder')).toMatchObject({ type: 'symlink', target: 'src' });
  expect(await read('outside')).toMatchObject({ type: 'symlink', target: '../../etc/passwd' });
  expect(await read('circle')).toMatchObject({ type: 'symlink', target: 'circle' });
});

test('a submodule is answered with its address, and listed as a file', async () => {
  const written = '[submodule "v"]\n\tpath = vendor\n\turl = ../vendor.git\n';
  await branchWith('modules', [
    { path: 'vendor', mode: '160000', type: 'commit', sha: '1'.repeat(40) },
    { path: '.gitmodules', mode: '100644', type: 'blob', content: written },
  ]);
  expect((await world.api('GET', `${api}/contents/vendor?ref=modules`)).json).toMatchObject({
    type: 'submodule',
    sha: '1'.repeat(40),
    submodule_git_url: `${world.github.url}/acme/vendor.git`,
    download_url: null,
  });
  const { json } = await world.api('GET', `${api}/contents/?ref=modules`);
  expect(json).toContainEqual(expect.objectContaining({ path: 'vendor', type: 'file' }));
});

test('commits and comparisons come as patches and differences', async () => {
  await branchWith('texts', [{ path: 'new.txt', mode: '100644', type: 'blob', content: 'new\n' }]);
  const read = async (path: string, media: string) => {
    const answer = await world.api('GET', `${api}/${path}`, { headers: { accept: `application/vnd.github.${media}` } });
    expect(answer.headers.get('content-type')).toBe(`application/vnd.github.${media}; charset=utf-8`);
    return answer.text;
  };
  for (const path of ['commits/texts', 'compare/main...texts']) {
    expect(await read(path, 'diff')).toMatch(/^diff --git a\/new\.txt b\/new\.txt\n/);
    expect(await read(path, 'patch')).toMatch(/^From [0-9a-f]{40} .*\nFrom: .*\n(.*\n)*Subject: \[PATCH\] texts\n/);
  }
  expect(await read('commits/main', 'patch')).toContain('+one\n');
});
