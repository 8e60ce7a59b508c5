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
  // Each of them would be a listing, an entry of a folder or a failure of git, if git were asked for it.
  const aways = ['', '.', './', '..', '../', '../src', '../src/', 'a.txt/', 'a.txt/.', 'a\0b', 'x/'.repeat(70_000)];
  await branchWith('links', [
    link('near', 'src/a.txt'),
    link('src/up', '../README.md'),
    link('folder', 'src'),
    link('outside', '../../etc/passwd'),
    link('circle', 'circle'),
    ...aways.map((target, position) => link(`src/away-${position}`, target)),
  ]);
  const read = async (path: string) => (await world.api('GET', `${api}/contents/${path}?ref=links`)).json;
  expect(await read('near')).toMatchObject({ type: 'file', path: 'near', size: 4, content: 'b25lCg==\n' });
  expect(await read('src/up')).toMatchObject({ type: 'file', size: 8 });
  expect(await read('folder')).toMatchObject({ type: 'symlink', target: 'src' });
  expect(await read('outside')).toMatchObject({ type: 'symlink', target: '../../etc/passwd' });
  expect(await read('circle')).toMatchObject({ type: 'symlink', target: 'circle' });
  for (const [position, target] of aways.entries()) {
    expect(await read(`src/away-${position}`), JSON.stringify(target.slice(0, 9))).toMatchObject({
      type: 'symlink',
      path: `src/away-${position}`,
      target,
    });
  }
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

test('the root is listed with and without its slash', async () => {
  for (const path of ['contents', 'contents/', 'contents?ref=main']) {
    const { status, json } = await world.api('GET', `${api}/${path}`);
    expect([status, json], path).toEqual([
      200,
      expect.arrayContaining([expect.objectContaining({ path: 'README.md', type: 'file' })]),
    ]);
  }
});

test('the patch of a merge brings what was merged, not another commit', async () => {
  const files = (names: readonly string[]) => names.map((path) => ({ path, mode: '100644', content: `${path}\n` }));
  const base = z.looseObject({ object: withSha }).parse((await world.api('GET', `${api}/git/ref/heads/main`)).json);
  const commit = async (message: string, parents: string[], names: string[]) => {
    const tree = await made('trees', { base_tree: base.object.sha, tree: files(names) });
    return made('commits', { message, tree, parents });
  };
  const ours = await commit('Ours', [base.object.sha], ['ours.txt']);
  const theirs = await commit('Theirs', [base.object.sha], ['theirs.txt']);
  const more = await commit('More', [theirs], ['theirs.txt', 'more.txt']);
  const merge = await commit('Merge theirs', [ours, more], ['ours.txt', 'theirs.txt', 'more.txt']);
  const later = await commit('Later', [merge], ['ours.txt', 'theirs.txt', 'more.txt', 'later.txt']);
  const patchOf = async (sha: string) => {
    const headers = { accept: 'application/vnd.github.patch' };
    return (await world.api('GET', `${api}/commits/${sha}`, { headers })).text;
  };
  const subjects = (text: string) => [...text.matchAll(/^Subject: \[PATCH.*\] (.*)$/gm)].map(([, subject]) => subject);
  const patch = await patchOf(merge);
  expect(subjects(patch)).toEqual(['Theirs', 'More']);
  expect(patch).toMatch(new RegExp(`^From ${theirs} `));
  expect(patch).not.toContain('ours.txt');
  expect(subjects(await patchOf(theirs))).toEqual(['Theirs']);
  expect(subjects(await patchOf(later))).toEqual(['Later']);
});

test('commits are found by a path as it is written, never by a pattern of git', async () => {
  await branchWith('history', [{ path: ':(exclude)x', mode: '100644', content: 'x' }]);
  const found = async (query: string) => {
    const { status, json } = await world.api('GET', `${api}/commits?sha=history&${query}`);
    expect(status, query).toBe(200);
    return z.array(z.looseObject({ commit: z.looseObject({ message: z.string() }) })).parse(json).length;
  };
  expect(await found('')).toBe(2);
  expect(await found('path=src')).toBe(1);
  expect(await found('path=src/')).toBe(1);
  expect(await found(`path=${encodeURIComponent(':(exclude)x')}`)).toBe(1);
  for (const path of ['..', '../x', '/src', '*', 'a%00b', '.git', ':/', '--all']) {
    expect(await found(`path=${path}`), path).toBe(0);
  }
});

test('commits are found by login and address of who wrote them, not by a display name', async () => {
  const tree = await made('trees', { tree: [{ path: 'a', mode: '100644', content: 'a' }] });
  const mona = { name: 'octocat', email: 'mona@example.com' };
  const sha = await made('commits', { message: 'By Mona', tree, author: mona });
  const found = async (who: string) => {
    const { json } = await world.api('GET', `${api}/commits?sha=${sha}&${who}`);
    return z
      .array(withSha)
      .parse(json)
      .map((commit) => commit.sha);
  };
  for (const role of ['author', 'committer']) {
    expect(await found(`${role}=mona@example.com`)).toEqual([sha]);
    expect(await found(`${role}=octocat`), 'a person who calls herself like an account').toEqual([]);
  }
});

test('a raw file is answered byte for byte', async () => {
  const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x01, 0x80, 0x0a]);
  const body = { message: 'm', content: bytes.toString('base64') };
  expect((await world.api('PUT', `${api}/contents/bytes`, { body })).status).toBe(201);
  const headers = { authorization: 'Bearer octocat', accept: 'application/vnd.github.raw+json' };
  const answer = await fetch(`${world.github.url}/api/v3${api}/contents/bytes`, { headers });
  expect(answer.headers.get('content-type')).toBe('application/vnd.github.raw+json; charset=utf-8');
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes);
});
