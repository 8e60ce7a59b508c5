import { chmodSync, cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { watchedProcess } from '../contract/watch/watched-process.ts';
import { givenFolder, givenRepository, write } from '../rehearse/given-folder.ts';

const BIN = join(import.meta.dirname, '..', '..', 'bin', 'fleet.js');
const ASKS = /^Flotilla needs Node 24, which `npm ci` in .* brings\. Run `npm ci` there first\.$/;

/** A module that makes the Node which loads it say that it is an old one. */
const OLD = `data:text/javascript,${encodeURIComponent(
  'Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.19.0" } });',
)}`;

/** A checkout whose command prints what it was given; `own` is a shell's line that runs its own Node. */
function givenCheckout(own?: string) {
  const root = givenFolder();
  cpSync(BIN, join(root, 'bin', 'fleet.js'));
  write(join(root, 'package.json'), '{ "type": "module" }');
  // FLEET_TEST_… are of the tests themselves.
  const told = 'process.argv.slice(2), Object.keys(process.env).filter((name) => /^FLEET_(?!TEST_)/.test(name))';
  write(join(root, 'src', 'cli.ts'), `console.log(JSON.stringify([${told}]));`);
  const starts = join(root, 'starts');
  if (own !== undefined) {
    // The fourth start is the last, whoever asks for it.
    const script = `#!/bin/sh\necho started >> '${starts}'\n[ "$(wc -l < '${starts}')" -lt 4 ] || exit 9\n${own}\n`;
    chmodSync(write(join(root, 'node_modules', 'node', 'bin', 'node'), script), 0o755);
  }
  return {
    root,
    starts: () => (existsSync(starts) ? readFileSync(starts, 'utf8').trim().split('\n').length : 0),
    fleet: (...words: string[]) =>
      execa(process.execPath, ['--import', OLD, join(root, 'bin', 'fleet.js'), ...words], {
        reject: false,
        env: { FLEET_HANDED_OVER: undefined },
      }),
  };
}

describe('fleet on an older Node', () => {
  it("hands its words over to the checkout's own, which sees no trace of it", async () => {
    const checkout = givenCheckout(`exec '${process.execPath}' "$@"`);
    const { exitCode, stdout, stderr } = await checkout.fleet('plan', "it's two words");
    expect([exitCode, stdout], stderr).toEqual([0, `[["plan","it's two words"],[]]`]);
    expect(checkout.starts()).toBe(1);
  });

  it("asks for npm ci where the checkout's own is older too, after one start", async () => {
    const checkout = givenCheckout(`exec '${process.execPath}' --import '${OLD}' "$@"`);
    const { exitCode, stderr } = await checkout.fleet('plan');
    expect([checkout.starts(), exitCode]).toEqual([1, 1]);
    expect(stderr).toMatch(ASKS);
  });

  it('asks for npm ci where there is no other, or none that can be started', async () => {
    const without = await givenCheckout().fleet('plan');
    expect([without.exitCode, without.stderr]).toEqual([1, expect.stringMatching(ASKS)]);
    const broken = givenCheckout('exit 0');
    chmodSync(join(broken.root, 'node_modules', 'node', 'bin', 'node'), 0o644);
    const unstarted = await broken.fleet('plan');
    expect([unstarted.exitCode, unstarted.stderr]).toEqual([1, expect.stringMatching(ASKS)]);
  });
});

it('the app of a rehearsal keeps its compiled modules where the command keeps its own', async () => {
  const root = givenFolder();
  givenRepository(join(root, 'services', 'api'));
  const cache = join(root, 'cache');
  const words = ['rehearse', join(root, 'services'), 'nope', '--once', '--data', join(root, 'data')];
  const env = { ...watchedProcess(), NODE_COMPILE_CACHE: cache };
  const { stderr } = await execa(process.execPath, [BIN, ...words], { reject: false, env });
  expect(stderr).toContain('The command started nothing.');
  // A folder for each way in which V8 is told to work: the app is started with flags of its own, the command with none.
  const versions = readdirSync(cache);
  expect(versions).toHaveLength(2);
  const within = versions.flatMap((version) => readdirSync(join(cache, version), { withFileTypes: true }));
  expect(within.filter((entry) => entry.isDirectory())).toEqual([]);
  expect(within.length).toBeGreaterThan(0);
}, 60_000);
