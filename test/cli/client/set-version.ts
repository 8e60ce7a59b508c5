import { openWorld, type World, type WorldOptions } from '../../story/world.ts';

/** Fails in the repository `service-bad`. */
const WORKFLOW = `name: set-version
inputs: { version: { required: true } }
services: any
nodes:
  - id: set
    bash: test "$SERVICE_NAME" != service-bad && echo "$INPUTS_VERSION" > VERSION
`;

/** Asks a person before it goes on. */
const ASKING = WORKFLOW.replace('set-version', 'ask').replace(
  'nodes:',
  'nodes:\n  - { id: gate, approval: { message: Go? } }',
);

/** A world in which `fleet submit --workflow set-version version=2.0 --repo …` can run. */
export const setVersionWorld = (options: WorldOptions = {}): Promise<World> =>
  openWorld(
    Object.assign(options, {
      repositories: [{ name: 'service-a' }, { name: 'service-b' }, { name: 'service-bad' }],
      platform: { files: { '.github/fleet/set-version.yml': WORKFLOW, '.github/fleet/ask.yml': ASKING } },
    }),
  );

/** The command, for these repositories of acme. */
export const submitted = (names: readonly string[], ...more: string[]): string[] => [
  ...['submit', '--workflow', 'set-version', 'version=2.0'],
  ...names.flatMap((name) => ['--repo', `acme/${name}`]),
  ...more,
];
