import { bump, services, workflowFiles } from '../workflows.ts';
import { openWorld, type World, type WorldOptions } from '../world.ts';

export const AUDIENCE = 'https://flotilla.example.com';
export const BOT = 'github-actions[bot]';

const DISPATCHERS = `
dispatchers:
  - { login: "${BOT}", repository: acme/platform, workflows: [bump], run_as: mona }
`;

/** Jobs of acme/platform may ask for `bump` on mona's behalf, over the repositories one and two. */
export async function openJobWorld(options: WorldOptions & { audience?: null } = {}): Promise<World> {
  const { audience = AUDIENCE } = options;
  const world = await openWorld({
    platform: { files: workflowFiles({ bump: bump('[{ tag: app }]') }) },
    repositories: services('one', 'two'),
    ...options,
    settings: `${audience === null ? '' : `api: { audience: "${audience}" }`}\n${options.settings ?? DISPATCHERS}`,
  });
  const { state } = world.github.context;
  const [mona] = state.accounts.where(({ login }) => login === 'mona');
  if (mona === undefined) throw new Error('There is no mona.');
  state.accounts.insert({ ...mona, id: state.nextId('account'), login: BOT, type: 'Bot', name: null });
  return world;
}

/** A job's token, valid by real time as GitHub's are; `claims` replace what GitHub would tell, undefined takes one away. */
export function jobToken(
  world: World,
  {
    repository = 'acme/platform',
    audience = AUDIENCE,
    claims = {},
    ...job
  }: { repository?: string; audience?: string; event?: string; ref?: string; claims?: Record<string, unknown> } = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const times = { iat: now, nbf: now - 600, exp: now + 300 };
  return world.github.mintIdToken({ repository, audience, ...job, claims: { ...times, ...claims } });
}
