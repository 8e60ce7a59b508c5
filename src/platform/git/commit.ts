import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { CommitRequest } from '../../ports/workspace.ts';
import { writeFreshFile } from '../process/fresh-file.ts';

/**
 * One commit object among the objects of the control directory, the same sha for the same request, as `git commit-tree`
 * makes it: a box and a process for a file of ten lines cost a task more than its push.
 * @param objects written by our git in its boxes and by us, never by untrusted code
 * @see https://git-scm.com/docs/gitformat-loose, https://git-scm.com/docs/git-commit-tree
 */
export async function writeCommit(objects: string, request: CommitRequest): Promise<string> {
  const { tree, parent, author } = request;
  const message = request.message.replaceAll('\0', '');
  const who = `${asName(author.name)} <${asName(author.email)}> ${Math.floor(request.at / 1000)} +0000`;
  const text = [
    `tree ${asSha(tree)}`,
    `parent ${asSha(parent)}`,
    `author ${who}`,
    `committer ${who}`,
    '',
    message.endsWith('\n') ? message : `${message}\n`,
  ].join('\n');
  const object = Buffer.concat([Buffer.from(`commit ${Buffer.byteLength(text)}\0`), Buffer.from(text)]);
  const sha = createHash('sha1').update(object).digest('hex');
  const folder = join(objects, sha.slice(0, 2));
  const file = join(folder, sha.slice(2));
  await mkdir(folder, { recursive: true });
  // What bears the name has the content.
  if (!existsSync(file)) writeFreshFile(file, deflateSync(object));
  return sha;
}

/** Of a name or an address, what git leaves: nothing that ends a line or the address, and no marks around it. */
function asName(name: string): string {
  const kept = name.replace(/[\n\0<>]/g, '').replace(/^[\p{Cc} .,:;"\\']+|[\p{Cc} .,:;"\\']+$/gu, '');
  if (kept === '') throw new TypeError(`"${name}" names no author.`);
  return kept;
}

function asSha(sha: string): string {
  if (!/^[0-9a-f]{40}$/.test(sha)) throw new TypeError(`"${sha}" names no object.`);
  return sha;
}
