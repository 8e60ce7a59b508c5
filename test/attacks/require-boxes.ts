import { noSandbox } from '../sandboxes.ts';

/** Once before all attacks: without boxes they are left out, which is said, or with FLEET_TEST_REQUIRE=1 is a failure. */
export function setup(): void {
  if (noSandbox === null) return;
  const said = `The attacks are NOT tested, as there is no box: ${noSandbox}. sudo apt-get install bubblewrap`;
  if (process.env.FLEET_TEST_REQUIRE === '1') throw new Error(said);
  process.stderr.write(`${said}\n`);
}
