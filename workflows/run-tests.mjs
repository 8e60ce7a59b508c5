// Runs a repository's own tests, found by what is there. The last line of its output is a summary; its exit status is
// that of the tests, and 0 where there are none.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** The first that fits is run. */
const RUNNERS = [
  { name: 'npm test', fits: hasNpmTest, prepare: npmPreparation, command: ['npm', 'test', '--no-update-notifier'] },
  { name: 'make test', fits: hasMakeTest, prepare: () => null, command: ['make', 'test'] },
  { name: 'pytest', fits: hasPytest, prepare: () => null, command: ['python3', '-m', 'pytest'] },
];

/** Counts as node, jest, vitest, mocha and pytest print them. */
const COUNTS = [
  /^(?:tests|pass|fail) \d+$/,
  /^Tests:?\s+\d.*/,
  /^\d+ (?:passing|failing)\b.*/,
  /^\d+ (?:passed|failed|skipped|errors?)\b.* in .*/,
];
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');
const MAX_COUNTS = 80;
const LAST_LINES = 60;

const runner = RUNNERS.find(({ fits }) => fits());
if (runner === undefined) {
  say('No tests found: no test script in package.json, no test target in a Makefile, nothing of pytest');
} else {
  process.exitCode = await runTests(runner);
}

async function runTests({ name, prepare, command }) {
  const preparation = prepare();
  if (preparation !== null) {
    const { status } = await run(preparation);
    if (status !== 0) {
      say(`${preparation.join(' ')} failed with status ${status}, so ${name} did not run`);
      return status;
    }
  }
  const { status, lines } = await run(command);
  const counts = countsIn(lines);
  say(`${name} ${status === 0 ? 'passed' : `failed with status ${status}`}${counts === '' ? '' : `: ${counts}`}`);
  return status;
}

/** Passes its output on as it comes. */
function run(command) {
  say(`$ ${command.join(' ')}`);
  return new Promise((resolve) => {
    const [program, ...args] = command;
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let end = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        process.stdout.write(text);
        end = (end + text).slice(-16_384);
      });
    }
    child.once('error', (error) => {
      say(error.message);
      resolve({ status: 127, lines: [] });
    });
    child.once('close', (status) => {
      if (!end.endsWith('\n')) say('');
      resolve({ status: status ?? 1, lines: end.split('\n').slice(-LAST_LINES) });
    });
  });
}

function countsIn(lines) {
  const plain = lines.map((line) => line.replaceAll(COLOURS, '').replace(/^[\s=#ℹ✔✖]+|[\s=]+$/g, ''));
  const counts = plain.filter((line) => COUNTS.some((shape) => shape.test(line))).join(', ');
  return counts.replace(/\s+/g, ' ').slice(0, MAX_COUNTS);
}

function hasNpmTest() {
  if (!existsSync('package.json')) return false;
  const test = JSON.parse(readFileSync('package.json', 'utf8')).scripts?.test;
  // What `npm init` writes is no test.
  return typeof test === 'string' && !test.includes('no test specified');
}

function npmPreparation() {
  return existsSync('package-lock.json') ? ['npm', 'ci', '--no-audit', '--no-fund'] : null;
}

function hasMakeTest() {
  const makefile = ['GNUmakefile', 'makefile', 'Makefile'].find((name) => existsSync(name));
  if (makefile === undefined) return false;
  const targets = readFileSync(makefile, 'utf8')
    .split('\n')
    .filter((line) => /^[^\s#:=]/.test(line));
  return targets.some(
    (line) => /^[^:=]*:(?!=)/.test(line) && line.slice(0, line.indexOf(':')).split(/\s+/).includes('test'),
  );
}

function hasPytest() {
  if (existsSync('pytest.ini') || existsSync('conftest.py')) return true;
  const settings = [
    ['pyproject.toml', '[tool.pytest'],
    ['setup.cfg', '[tool:pytest]'],
    ['tox.ini', '[pytest]'],
  ];
  if (settings.some(([file, section]) => existsSync(file) && readFileSync(file, 'utf8').includes(section))) return true;
  const folders = ['.', 'test', 'tests'].filter((folder) => existsSync(folder));
  return folders.some((folder) => readdirSync(folder).some((file) => /^test_.*\.py$|_test\.py$/.test(file)));
}

function say(text) {
  process.stdout.write(`${text}\n`);
}
