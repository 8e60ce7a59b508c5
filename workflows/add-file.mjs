// Writes one file of the work tree: INPUTS_PATH, INPUTS_CONTENT, INPUTS_EXISTING (keep or replace).
import { lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const { INPUTS_PATH: path, INPUTS_CONTENT: written, INPUTS_EXISTING: existing } = process.env;

/** `\n`, `\t` and `\\` stand for a line break, a tab and a backslash; anything else for itself. */
const MEANINGS = { n: '\n', t: '\t', '\\': '\\' };
const content = written.replace(/\\([nt\\])/g, (_, letter) => MEANINGS[letter]);
const text = content.endsWith('\n') ? content : `${content}\n`;

const parts = path.split('/');
if (parts.some((part) => part.toLowerCase() === '.git')) fail('.git belongs to git, not to the files of a repository');
parts.forEach((_, index) => {
  checkPart(parts.slice(0, index + 1).join('/'), index === parts.length - 1);
});

const before = kindOf(path) === undefined ? undefined : readFileSync(path, 'utf8');
if (before === text) {
  say(`${path} is there already, the same`);
} else if (before !== undefined && existing === 'keep') {
  say(`${path} is there already, with other content, and is kept (existing=replace would replace it)`);
} else {
  mkdirSync(dirname(join('.', path)), { recursive: true });
  writeFileSync(path, text);
  say(before === undefined ? `Adds ${path}` : `Replaces ${path}`);
}

/** A link could lead out of the repository, so none is followed. */
function checkPart(part, isFile) {
  const kind = kindOf(part);
  if (kind === undefined) return;
  if (kind.isSymbolicLink()) fail(`${part} is a symbolic link here`);
  if (isFile && !kind.isFile()) fail(`${part} is a folder here`);
  if (!isFile && !kind.isDirectory()) fail(`${part} is a file here`);
}

function kindOf(part) {
  try {
    return lstatSync(part, { throwIfNoEntry: false });
  } catch (error) {
    // Something above it is a file.
    if (error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function fail(reason) {
  process.stderr.write(`${path} cannot be written: ${reason}.\n`);
  process.exit(1);
}

function say(text) {
  process.stdout.write(`${text}\n`);
}
