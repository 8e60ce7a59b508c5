import type { Context } from '../context.ts';
import { type Commit, readCommit } from '../git/commits.ts';
import { diffFiles, emptyTree } from '../git/diff.ts';
import { entryAt, listTree, readBlob, type TreeEntry } from '../git/objects.ts';
import { listRefs, resolveCommit } from '../git/refs.ts';
import type { Repository } from '../state/records.ts';
import { diffView } from './diff-view.ts';
import { encodePath, type Html, html } from './html.ts';
import { repositoryPage } from './layout.ts';
import { renderMarkdown } from './markdown.ts';
import { referencesIn, repositoryPath } from './names.ts';
import { topics } from './organizations-page.ts';
import { timeAgo } from './parts.ts';

/** The files and the readme of a branch. @returns undefined when the branch (not the default one) does not exist */
export async function codePage(context: Context, repository: Repository, branch: string): Promise<string | undefined> {
  const directory = context.state.gitDirectory(repository.id);
  const sha = await resolveCommit(directory, branch);
  if (sha === undefined) {
    if (branch !== repository.defaultBranch) return undefined;
    return repositoryPage(context, repository, 'code', 'Code', html`<p class="blank">This repository is empty.</p>`);
  }
  const [commit, entries, branches] = await Promise.all([
    readCommit(directory, sha),
    listTree(directory, sha),
    listRefs(directory, 'refs/heads/'),
  ]);
  const readme = entries.find((entry) => entry.type === 'blob' && /^readme\.md$/i.test(entry.path));
  const content = readme === undefined ? Buffer.alloc(0) : await readBlob(directory, readme.sha);
  const body = html`<div class="columns"><div>
<p class="muted">Branch <span class="branch">${branch}</span></p>
<div class="box"><div class="box-head">${commitLine(context, repository, commit)}</div>
${fileRows(context, repository, sha, '', entries)}</div>
${readme !== undefined && html`<div class="box readme"><div class="box-head">${readme.path}</div>${cutNotice(content)}<div class="box-body">${renderMarkdown(shownText(content), 'file', referencesIn(context, repository))}</div></div>`}
</div>
<aside>${about(repository)}<h3>Branches</h3><ul class="plain">${[...branches.keys()].map((ref) => {
    const name = ref.slice('refs/heads/'.length);
    return html`<li><a class="branch" href="${repositoryPath(context, repository)}/tree/${encodePath(name)}">${name}</a></li>`;
  })}</ul></aside></div>`;
  return repositoryPage(context, repository, 'code', branch, body);
}

/** Bytes of a file that a page shows: rendering takes time and browsers have their limits. */
const LONGEST_SHOWN = 64 * 1024;

function shownText(content: Buffer): string {
  return content.subarray(0, LONGEST_SHOWN).toString();
}

function cutNotice({ length }: Buffer): Html | null {
  return length > LONGEST_SHOWN ? html`<p class="blank">The first 64 KiB of ${length} bytes.</p>` : null;
}

function about(repository: Repository): Html {
  const properties = Object.entries(repository.customProperties);
  return html`<h3>About</h3><p>${repository.description ?? html`<span class="muted">No description.</span>`}</p>${topics(repository)}
${properties.length > 0 && html`<h3>Properties</h3><ul class="plain">${properties.map(([name, value]) => html`<li><span class="muted">${name}</span> ${[value].flat().join(', ')}</li>`)}</ul>`}`;
}

function commitLine(context: Context, repository: Repository, commit: Commit): Html {
  const [headline] = commit.message.split('\n');
  return html`<strong>${commit.author.name}</strong> <a class="grow" href="${repositoryPath(context, repository)}/commit/${commit.sha}">${headline}</a>
<span class="muted"><code>${commit.sha.slice(0, 7)}</code> ${timeAgo(context, Date.parse(commit.committer.date))}</span>`;
}

function fileRows(
  context: Context,
  repository: Repository,
  sha: string,
  folder: string,
  entries: readonly TreeEntry[],
): Html {
  const sorted = [...entries].sort(
    (a, b) => Number(b.type === 'tree') - Number(a.type === 'tree') || a.path.localeCompare(b.path),
  );
  return html`<ul class="rows files">${sorted.map((entry) => {
    const href = `${repositoryPath(context, repository)}/blob/${sha}/${encodePath(folder + entry.path)}`;
    return html`<li><a class="${entry.type}" href="${href}">${entry.path}${entry.type === 'tree' && '/'}</a></li>`;
  })}</ul>`;
}

/** A file or a folder at a commit or branch. @returns undefined when there is nothing */
export async function filePage(
  context: Context,
  repository: Repository,
  revision: string,
  path: string,
): Promise<string | undefined> {
  const directory = context.state.gitDirectory(repository.id);
  const sha = await resolveCommit(directory, revision);
  const entry = sha === undefined || path === '' ? undefined : await entryAt(directory, sha, path);
  if (sha === undefined || entry === undefined) return undefined;
  const head = html`<div class="box-head"><a href="${repositoryPath(context, repository)}">${repository.name}</a> / ${path} <span class="muted">at <code>${sha.slice(0, 7)}</code></span></div>`;
  const content =
    entry.type === 'tree'
      ? fileRows(context, repository, sha, `${path}/`, await listTree(directory, sha, { path }))
      : entry.type === 'blob'
        ? fileContent(await readBlob(directory, entry.sha))
        : html`<p class="blank">A submodule at <code>${entry.sha}</code>.</p>`;
  return repositoryPage(context, repository, 'code', path, html`<div class="box">${head}${content}</div>`);
}

function fileContent(content: Buffer): Html {
  if (content.subarray(0, 8000).includes(0))
    return html`<p class="blank">A binary file of ${content.length} bytes.</p>`;
  const lines = shownText(content).replace(/\n$/, '').split('\n');
  return html`${cutNotice(content)}<div class="scroll"><table class="code">${lines.map(
    (line, position) => html`<tr><td class="number" data-line="${position + 1}"></td><td>${line}</td></tr>`,
  )}</table></div>`;
}

/** @returns undefined when there is no such commit */
export async function commitPage(context: Context, repository: Repository, sha: string): Promise<string | undefined> {
  const directory = context.state.gitDirectory(repository.id);
  const found = await resolveCommit(directory, sha);
  if (found === undefined) return undefined;
  const commit = await readCommit(directory, found);
  const [headline, ...rest] = commit.message.split('\n');
  const files = await diffFiles(directory, commit.parents[0] ?? emptyTree, found);
  const body = html`<h2 class="subject">${headline}</h2><pre class="message">${rest.join('\n').trim()}</pre>
<p class="muted"><strong>${commit.author.name}</strong> ${timeAgo(context, Date.parse(commit.author.date))} · <code>${found}</code></p>${diffView(files)}`;
  return repositoryPage(context, repository, 'code', headline ?? found, body);
}
