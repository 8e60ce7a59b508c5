import { describe, expect, it } from 'vitest';
import { findWorkflow } from '../../src/fleet/find-workflow.ts';
import type { GitHubReads } from '../../src/ports/github-reads.ts';
import { services, workflowFiles } from '../story/workflows.ts';
import { openWorld, type World } from '../story/world.ts';

const FOLDER = '.github/fleet';
const HEADS = 'GET /repos/{owner}/{repo}/commits';
const CONTENTS = 'GET /repos/{owner}/{repo}/contents/{path}';

const go = `name: go
services: [{ tag: app }]
nodes:
  - { id: a, script: { file: a.mjs } }
  - { id: b, include: inner }
`;
const inner = 'name: inner\nnodes:\n  - { id: ask, script: { file: b.mjs } }\n';
const SHIPPED = 'name: shipped\nservices: [{ tag: app }]\nnodes: [{ id: a, bash: "true" }]\n';
const bundled = {
  text: async (name: string) => (name === 'shipped' ? SHIPPED : undefined),
  file: async () => 'process.exit(0)',
  names: async () => ['shipped'],
};

const ours = { [`${FOLDER}/a.mjs`]: '// first', [`${FOLDER}/b.mjs`]: '// first' };
const givenWorld = (more: Parameters<typeof openWorld>[0] = {}): Promise<World> =>
  openWorld({
    platform: { files: { ...workflowFiles({ go, inner }), ...ours } },
    repositories: services('one'),
    ...more,
  });

async function find(world: World, name: string, change: (reads: GitHubReads) => GitHubReads = (reads) => reads) {
  const reads = world.app.reads(world.installationId);
  const control = await reads.repository('acme/platform');
  if (control === undefined) throw new Error('There is no acme/platform.');
  world.github.requests.clear();
  const { source } = await findWorkflow({ bundled }, change(reads), control, name);
  return source;
}

describe('a workflow with files beside it', () => {
  it('is read as of one commit, whatever is pushed meanwhile', async () => {
    const world = await givenWorld();
    const pushing = (reads: GitHubReads): GitHubReads => ({
      ...reads,
      file: async (...asked) => {
        const text = await reads.file(...asked);
        for (const file of ['a.mjs', 'b.mjs', 'inner.yml']) {
          await world.commit('mona', 'platform', `${FOLDER}/${file}`, `// after ${asked[1]}`, 'main');
        }
        return text;
      },
    });
    const source = await find(world, 'go', pushing);
    expect(source.files).toEqual({ 'a.mjs': '// first' });
    expect(source.includes.inner).toMatchObject({ text: inner, files: { 'b.mjs': '// first' } });
    expect(await world.file('platform', `${FOLDER}/a.mjs`, 'main')).toBe('// after .github/fleet/b.mjs');
  });

  it('costs one request more than it has files', async () => {
    const world = await givenWorld();
    await find(world, 'go');
    expect(world.github.requests.all().map(({ route }) => route)).toEqual([HEADS, ...Array(4).fill(CONTENTS)]);
  });

  it('is looked for in no repository that is not there or has no commit', async () => {
    const absent = await givenWorld();
    await find(absent, 'shipped');
    expect(absent.github.requests.count(HEADS)).toBe(2);
    expect(absent.github.requests.count(CONTENTS)).toBe(1);

    const empty = await givenWorld({ repositories: [{ name: '.github', files: {} }] });
    expect((await find(empty, 'shipped')).origin).toBe('bundled:shipped.yml');
    expect(empty.github.requests.all(HEADS).map(({ status }) => status)).toEqual([200, 409]);
    expect(empty.github.requests.count(CONTENTS)).toBe(1);
  });
});
