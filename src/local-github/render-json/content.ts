import type { Context } from '../context.ts';
import type { TreeEntry } from '../git/objects.ts';
import { fullName } from '../state/queries.ts';
import type { Repository } from '../state/records.ts';

type Kind = 'file' | 'dir' | 'symlink' | 'submodule';

function kindOf({ type, mode }: TreeEntry): Kind {
  if (type === 'tree') return 'dir';
  if (type === 'commit') return 'submodule';
  return mode === '120000' ? 'symlink' : 'file';
}

/** What `/contents` says of anything in a tree. @param ref as it was asked for */
export function renderEntry(context: Context, repository: Repository, ref: string, entry: TreeEntry) {
  const name = fullName(context.state, repository);
  const path = entry.path.split('/').map(encodeURIComponent).join('/');
  const api = `${context.baseUrl}/api/v3/repos/${name}`;
  const kind = kindOf(entry);
  const folder = kind === 'dir';
  const url = `${api}/contents/${path}?ref=${encodeURIComponent(ref)}`;
  // Of a submodule this repository has the commit's sha and nothing else.
  const git = kind === 'submodule' ? null : `${api}/git/${folder ? 'trees' : 'blobs'}/${entry.sha}`;
  const page = kind === 'submodule' ? null : `${context.baseUrl}/${name}/${folder ? 'tree' : 'blob'}/${ref}/${path}`;
  const plain = kind === 'file' || kind === 'symlink';
  return {
    type: kind,
    size: entry.size ?? 0,
    name: entry.path.split('/').at(-1) ?? '',
    path: entry.path,
    sha: entry.sha,
    url,
    git_url: git,
    html_url: page,
    download_url: plain ? `${context.baseUrl}/${name}/raw/${ref}/${path}` : null,
    _links: { self: url, git, html: page },
  };
}

/** An item of a folder's listing, where GitHub calls a submodule a file. Source: docs.github.com, "Get repository content". */
export function renderListedEntry(context: Context, repository: Repository, ref: string, entry: TreeEntry) {
  const rendered = renderEntry(context, repository, ref, entry);
  return rendered.type === 'submodule' ? { ...rendered, type: 'file' } : rendered;
}

/** GitHub wraps Base64 at 60 characters. */
export function renderFile(
  context: Context,
  repository: Repository,
  ref: string,
  file: { entry: TreeEntry; content: Buffer },
) {
  const content = file.content.toString('base64').replace(/.{1,60}/g, '$&\n');
  // A link whose target is a file is answered as that file.
  return { ...renderEntry(context, repository, ref, file.entry), type: 'file', encoding: 'base64', content };
}

/** @param written its address in `.gitmodules`, which may be relative; GitHub answers null where there is none */
export function renderSubmodule(
  context: Context,
  repository: Repository,
  ref: string,
  entry: TreeEntry,
  written: string | undefined,
) {
  const clone = `${context.baseUrl}/${fullName(context.state, repository)}.git/`;
  const url = written === undefined ? null : /^\.\.?\//.test(written) ? new URL(written, clone).href : written;
  return { ...renderEntry(context, repository, ref, entry), submodule_git_url: url };
}
