import { openWorld, type World, type WorldOptions } from '../../story/world.ts';

/** Fails in the repository `service-bad`. */
const WORKFLOW = `name: set-version
inputs: { version: { required: true } }
services: any
nodes:
  - id: set
    bash: test "$SERVICE_NAME" != service-bad && echo "$INPUTS_VERSION" > VERSION
`;

/** A world in which `fleet submit --workflow set-version version=2.0 --repo …` can run. */
export const setVersionWorld = (options: WorldOptions = {}): Promise<World> =>
  openWorld(
    Object.assign(options, {
      repositories: [{ name: 'service-a' }, { name: 'service-b' }, { name: 'service-bad' }],
      platform: { files: { '.github/fleet/set-version.yml': WORKFLOW } },
    }),
  );

/** The command, for these repositories of acme. */
export const submitted = (names: readonly string[], ...more: string[]): string[] => [
  ...['submit', '--workflow', 'set-version', 'version=2.0'],
  ...names.flatMap((name) => ['--repo', `acme/${name}`]),
  ...more,
];
