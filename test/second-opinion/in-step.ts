import { join } from 'node:path';
import { z } from 'zod';
import {
  type GitObject,
  makeBareRepository,
  readHeads,
  readNewObjects,
  writeHead,
  writeObject,
} from './bare-repository.ts';
import type { Judge } from './judge.ts';
import {
  blobJson,
  commitJson,
  commitObject,
  commitRequest,
  madeJson,
  treeJson,
  treeObject,
  treeRequest,
} from './object-json.ts';

const refsJson = z.array(z.object({ ref: z.string(), object: z.object({ sha: z.string() }) }));

const HEADS = 'refs/heads/';

/**
 * Bare repositories that hold the same commits and branches as emulate, which keeps git's objects under git's names but
 * does not speak git. emulate is right: what differs is taken from it, and a push counts when it has taken it.
 */
export class InStep {
  readonly root: string;
  readonly #judge: Judge;
  /** Of an owner, who sees everything. */
  readonly #ownerToken: string;
  readonly #held = new Map<string, Set<string>>();
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(root: string, judge: Judge, ownerToken: string) {
    this.root = root;
    this.#judge = judge;
    this.#ownerToken = ownerToken;
  }

  folder(fullName: string): string {
    return join(this.root, `${fullName}.git`);
  }

  /** One at a time for each repository. */
  alone<T>(fullName: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(fullName) ?? Promise.resolve()).then(work, work);
    this.#turns.set(fullName, turn);
    return turn;
  }

  /** Brings the bare repository to where emulate is. */
  async pull(fullName: string): Promise<void> {
    const folder = this.folder(fullName);
    if (!this.#held.has(fullName)) await makeBareRepository(folder);
    const wanted = await this.#heads(fullName);
    for (const sha of wanted.values()) await this.#takeCommit(fullName, sha);
    const present = await readHeads(folder);
    for (const branch of present.keys()) if (!wanted.has(branch)) await writeHead(folder, branch, null);
    for (const [branch, sha] of wanted) if (present.get(branch) !== sha) await writeHead(folder, branch, sha);
  }

  /** Tells emulate, in the name of who pushed, what a push changed. @throws Error when emulate refuses it */
  async push(fullName: string, token: string): Promise<void> {
    const folder = this.folder(fullName);
    const before = await this.#heads(fullName);
    const after = await readHeads(folder);
    const moved = [...after].filter(([branch, sha]) => before.get(branch) !== sha);
    const objects =
      moved.length === 0
        ? []
        : await readNewObjects(
            folder,
            moved.map(([, sha]) => sha),
            [...before.values()],
          );
    for (const object of objects) await this.#give(fullName, token, object);
    for (const [branch, sha] of moved) await this.#move(fullName, token, branch, sha, before.has(branch));
    for (const branch of before.keys()) if (!after.has(branch)) await this.#drop(fullName, token, branch);
  }

  async #heads(fullName: string): Promise<Map<string, string>> {
    const refs = await this.#judge.read(refsJson, this.#ownerToken, `/repos/${fullName}/git/matching-refs/heads/`);
    return new Map(refs.map(({ ref, object }) => [ref.slice(HEADS.length), object.sha]));
  }

  #has(fullName: string): Set<string> {
    const held = this.#held.get(fullName) ?? new Set<string>();
    this.#held.set(fullName, held);
    return held;
  }

  async #take(fullName: string, object: GitObject): Promise<void> {
    await writeObject(this.folder(fullName), object);
    this.#has(fullName).add(object.sha);
  }

  async #takeCommit(fullName: string, sha: string): Promise<void> {
    if (this.#has(fullName).has(sha)) return;
    const commit = await this.#judge.read(commitJson, this.#ownerToken, `/repos/${fullName}/git/commits/${sha}`);
    for (const parent of commit.parents) await this.#takeCommit(fullName, parent.sha);
    await this.#takeTree(fullName, commit.tree.sha);
    await this.#take(fullName, commitObject(commit));
  }

  async #takeTree(fullName: string, sha: string): Promise<void> {
    if (this.#has(fullName).has(sha)) return;
    const path = `/repos/${fullName}/git`;
    const tree = await this.#judge.read(treeJson, this.#ownerToken, `${path}/trees/${sha}`);
    for (const entry of tree.tree) {
      if (entry.type === 'tree') await this.#takeTree(fullName, entry.sha);
      if (entry.type !== 'blob' || this.#has(fullName).has(entry.sha)) continue;
      const { content } = await this.#judge.read(blobJson, this.#ownerToken, `${path}/blobs/${entry.sha}`);
      await this.#take(fullName, { sha: entry.sha, type: 'blob', content: Buffer.from(content, 'base64') });
    }
    await this.#take(fullName, treeObject(tree));
  }

  async #give(fullName: string, token: string, { sha, type, content }: GitObject): Promise<void> {
    const request = {
      blob: () => ({ content: content.toString('base64'), encoding: 'base64' }),
      tree: () => treeRequest(content),
      commit: () => commitRequest(content),
    }[type]();
    const made = await this.#judge.create(madeJson, token, `/repos/${fullName}/git/${type}s`, request);
    if (made.sha !== sha) throw new Error(`git's ${type} ${sha} is ${made.sha} to emulate.`);
    this.#has(fullName).add(sha);
  }

  async #move(fullName: string, token: string, branch: string, sha: string, exists: boolean): Promise<void> {
    const refs = `/repos/${fullName}/git/refs`;
    // Whether it may be forced, git has decided already: the push carried a lease.
    const answer = exists
      ? await this.#judge.ask(token, 'PATCH', `${refs}/heads/${encodeURIComponent(branch)}`, { sha, force: true })
      : await this.#judge.ask(token, 'POST', refs, { ref: `${HEADS}${branch}`, sha });
    if (answer.status >= 300) throw new Error(`emulate refused ${branch} at ${sha}: ${answer.body}`);
  }

  async #drop(fullName: string, token: string, branch: string): Promise<void> {
    const path = `/repos/${fullName}/git/refs/heads/${encodeURIComponent(branch)}`;
    const answer = await this.#judge.ask(token, 'DELETE', path);
    if (answer.status >= 300) throw new Error(`emulate refused to delete ${branch}: ${answer.body}`);
  }
}
