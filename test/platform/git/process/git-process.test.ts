import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { startGitProcess } from '../../../../src/platform/git/process/start-git-process.ts';
import type { GitProcessOptions } from '../../../../src/platform/git/process/wire.ts';
import { GitHubError } from '../../../../src/ports/github-reads.ts';
import type { Workspaces } from '../../../../src/ports/workspace.ts';
import { processTree, stillRunning } from '../../../process-tree.ts';
import { silentLog } from '../../../store/fixtures.ts';
import { startGitHttpServer } from '../git-http-server.ts';
import { type GitWorld, makeGitWorld, requestFor, write } from '../git-world.ts';

let world: GitWorld;
let workspaces: Workspaces;
beforeEach(() => {
  world = makeGitWorld();
  workspaces = startGitProcess(optionsFor(world), { github: GITHUB, log: silentLog });
});
afterEach(() => {
  for (const pid of gitProcesses()) process.kill(pid, 'SIGKILL');
  world.close();
});

const GITHUB = {
  gitToken: () => Promise.reject(new Error('A file needs no token.')),
  cloneUrl: (fullName: string) => fullName,
};

const optionsFor = ({ dataDir, served }: GitWorld): GitProcessOptions => ({
  dataDir,
  webUrl: `file://${encodeURI(served)}`,
  gitTimeoutMs: 60_000,
  sandbox: {
    facts: null,
    limits: { processes: 100, memoryBytes: 1e9, cpuSeconds: 100, fileBytes: 1e9, diskBytes: 1e9 },
    read: [],
    hidden: [],
  },
});

/** Those of this process. */
function gitProcesses(): number[] {
  const listed = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\n');
  return listed.flatMap((line) => {
    const [, pid, parent, args = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(parent) === process.pid && args.includes('git-process.ts') ? [Number(pid)] : [];
  });
}

describe('workspaces by a process of their own', () => {
  it('are the same: a change is seen, committed and pushed', async () => {
    world.commit({ a: '1\n' });
    const workspace = await workspaces.prepare(requestFor());
    write(workspace.tree, 'a', '2\n');
    const snapshot = await workspaces.snapshot(workspace);
    expect(snapshot.changes.map(({ path, status }) => `${status} ${path}`)).toEqual(['modified a']);
    const content = snapshot.contents.get(snapshot.changes[0]?.sha ?? '');
    expect(Buffer.from(content ?? []).toString()).toBe('2\n');
    const author = { name: 'flotilla[bot]', email: 'f@localhost' };
    const { tree } = snapshot;
    const sha = await workspaces.commit(workspace, { tree, parent: workspace.baseSha, message: 'm', author, at: 0 });
    const push = { installationId: 1, repositoryId: 101, repository: 'acme/api', branch: 'fleet/bump', sha };
    expect(await workspaces.push(workspace, { ...push, expected: null })).toEqual({ result: 'pushed' });
    expect(world.git(['rev-parse', 'refs/heads/fleet/bump'])).toBe(sha);
    expect(gitProcesses()).toHaveLength(1);
  });

  it('cut a git that hears nothing when its time is over', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      silent.closeAllConnections();
      silent.close();
    });
    const webUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const github = { gitToken: async () => 'ghs_token', cloneUrl: (fullName: string) => `${webUrl}/${fullName}.git` };
    const impatient = startGitProcess(
      { ...optionsFor(world), webUrl, gitTimeoutMs: 1_000 },
      { github, log: silentLog },
    );
    const at = { installationId: 1, repositoryId: 101, repository: 'acme/api', branch: 'x', expected: 'a'.repeat(40) };
    await expect(impatient.deleteBranch(at)).rejects.toMatchObject({
      category: 'network',
      message: expect.stringContaining('too slow'),
    });
  });

  it('fail as they do here, and stop when they are told to', async () => {
    const missing = requestFor({ repository: 'acme/none', repositoryId: 102 });
    await expect(workspaces.prepare(missing)).rejects.toMatchObject({ name: 'TaskFailure', category: 'not_found' });
    const signal = AbortSignal.abort();
    await expect(workspaces.prepare(requestFor(), { signal })).rejects.toMatchObject({ category: 'cancelled' });
  });

  it('tell the end of a limit that GitHub answered to git', async () => {
    const server = await startGitHttpServer(world.served);
    server.failWith = { status: 403, headers: { 'retry-after': '120' } };
    const github = { ...GITHUB, gitToken: async () => 'ghs_token' };
    const byHttp = startGitProcess({ ...optionsFor(world), webUrl: server.url }, { github, log: silentLog });
    const asked = Date.now();
    const error = await byHttp.prepare(requestFor()).catch((reason: unknown) => reason);
    await server.close();
    if (!(error instanceof GitHubError)) throw error;
    expect(error).toMatchObject({ kind: 'limited', status: 403 });
    expect(error.retryAt).toBeGreaterThanOrEqual(asked + 120_000);
    expect(error.retryAt).toBeLessThanOrEqual(Date.now() + 120_000);
  });

  it('ask the functions that they are given', async () => {
    world.commit({ a: '1\n' });
    const request = requestFor();
    const { path } = await workspaces.prepare(request);
    let questions = 0;
    const mayGo = (answer: boolean) => async () => {
      questions += 1;
      return answer;
    };
    expect(await workspaces.remove(request, mayGo(false))).toBe(false);
    expect(existsSync(path)).toBe(true);
    expect(await workspaces.remove(request, mayGo(true))).toBe(true);
    expect(existsSync(path)).toBe(false);
    expect(questions).toBe(2);
    expect(await workspaces.removeMirror(101, async () => false)).toBe(true);
  });

  it('fail what a killed process was at, and go on in a new one', async () => {
    world.commit({ a: '1\n' });
    await workspaces.prepare(requestFor());
    const [first] = gitProcesses();
    const lost = expect(workspaces.prepare(requestFor())).rejects.toMatchObject({
      category: 'internal',
      message: 'The process that runs git ended (SIGKILL).',
    });
    process.kill(first ?? 0, 'SIGKILL');
    await lost;
    expect((await workspaces.prepare(requestFor())).branchHead).toBeNull();
    expect(gitProcesses()).not.toContain(first);
  });

  it('end with the process that started them, however it ended', async () => {
    world.commit({ a: '1\n' });
    const server = startServer(world);
    const [line] = await once(createInterface(server.stdout ?? process.stdin), 'line');
    expect(line).toBe('ready');
    const below = processTree(server.pid ?? 0).filter(({ pid }) => pid !== server.pid);
    expect(below).toHaveLength(1);
    const said = text(server.stderr ?? process.stdin);
    server.kill('SIGKILL');
    await expect.poll(() => stillRunning(below)).toEqual([]);
    expect(await said).toBe('');
  });
});

/** A process that asks for a workspace, says so, and goes on asking. */
function startServer({ root, ...of }: GitWorld): ChildProcess {
  const file = join(root, 'server.mjs');
  const module = new URL('../../../../src/platform/git/process/start-git-process.ts', import.meta.url);
  writeFileSync(
    file,
    `import { startGitProcess } from ${JSON.stringify(module.href)};
const workspaces = startGitProcess(${JSON.stringify(optionsFor({ root, ...of }))}, { github: {}, log: {} });
const ask = () => workspaces.reopen(${JSON.stringify(requestFor())});
await ask();
console.log('ready');
for (;;) await Promise.all(Array.from({ length: 100 }, ask));
`,
  );
  return spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'pipe'] });
}
