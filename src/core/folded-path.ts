/**
 * Code points that HFS+ does not see in a name, as git's own check has them.
 * Source: github.com/git/git, utf8.c, next_hfs_char.
 */
const IGNORED_BY_HFS = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g;

/**
 * A path as the file systems of Windows and macOS take it: `\` separates, `name:stream` is `name`, dots and spaces at the
 * end of a name and some marks do not count, and composed letters are the same as their parts. Case stays.
 */
export function foldedPath(path: string): string {
  return path
    .replace(IGNORED_BY_HFS, '')
    .normalize('NFC')
    .split(/[\\/]/)
    .map((name) => (/^\.{1,2}$/.test(name) ? name : withoutEnd(name.replace(/:[\s\S]*$/, ''))))
    .join('/');
}

/** By index: a regex for the end would try again from each of the dots before it. */
function withoutEnd(name: string): string {
  let end = name.length;
  while (name[end - 1] === '.' || name[end - 1] === ' ') end -= 1;
  return name.slice(0, end);
}

/** Whether some file system would take a part of the path for git's own folder; `git~1` is its short name on Windows. */
export const holdsGitFolder = (path: string): boolean => /(?:^|\/)(?:\.git|git~\d+)(?:\/|$)/i.test(foldedPath(path));

/** Whether some file system would take it for the file that tells where submodules come from. */
export const isGitmodules = (path: string): boolean => /^(?:\.gitmodules|gi(?:tmod|7eba)~\d+)$/i.test(foldedPath(path));
