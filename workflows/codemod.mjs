// Replaces one text by another in the tracked files that match: INPUTS_FILES (globs), INPUTS_FIND, INPUTS_REPLACE.
// Prints {"files": 2, "places": 3}.
import { spawnSync } from 'node:child_process';
import { lstatSync, readFileSync, writeFileSync } from 'node:fs';

const { INPUTS_FILES: globs, INPUTS_FIND: find, INPUTS_REPLACE: replace } = process.env;
// In bytes, so that files in any encoding keep every other byte.
const found = Buffer.from(find);
const instead = Buffer.from(replace);

let files = 0;
let places = 0;
for (const path of trackedFiles()) {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) continue;
  const before = readFileSync(path);
  if (before.includes(0)) continue;
  const pieces = split(before);
  if (pieces.length === 1) continue;
  writeFileSync(path, Buffer.concat(pieces.flatMap((piece, index) => (index === 0 ? [piece] : [instead, piece]))));
  process.stderr.write(`${path}: ${pieces.length - 1}\n`);
  files += 1;
  places += pieces.length - 1;
}
process.stdout.write(`${JSON.stringify({ files, places })}\n`);

function trackedFiles() {
  const patterns = globs
    .split(',')
    .map((glob) => glob.trim())
    .filter((glob) => glob !== '')
    .map((glob) => `:(glob)${glob}`);
  const listed = spawnSync('git', ['ls-files', '-z', '--', ...patterns], { maxBuffer: 256 * 1024 * 1024 });
  if (listed.status !== 0) {
    process.stderr.write(listed.stderr ?? String(listed.error));
    process.exit(1);
  }
  return listed.stdout
    .toString('utf8')
    .split('\0')
    .filter((path) => path !== '');
}

function split(bytes) {
  const pieces = [];
  let from = 0;
  for (let at = bytes.indexOf(found); at !== -1; at = bytes.indexOf(found, from)) {
    pieces.push(bytes.subarray(from, at));
    from = at + found.length;
  }
  return [...pieces, bytes.subarray(from)];
}
