/** Everything that a fleet left behind: in the store, read as the app reads it, and on GitHub. */
import { readMarker } from '../../src/core/render/marker.ts';
import type { FleetRow } from '../../src/store/contract/fleets.ts';
import type { Reads } from '../../src/store/contract/store.ts';
import type { TaskRow } from '../../src/store/contract/tasks.ts';
import type { FleetFacts, RepositorySeen } from './check-fleet.ts';
import { REPOSITORIES } from './organization.ts';
import type { Scenario } from './scenarios.ts';
import type { FaultsWorld } from './world.ts';

/** Every fleet's branch begins so. */
const BRANCHES = 'fleet/';

export interface EndedFleet {
  id: string;
  scenario: Scenario;
  version: number;
  /** Comments that were given for it, its command first. */
  comments: readonly number[];
}

export async function gatherFacts(world: FaultsWorld, of: EndedFleet): Promise<FleetFacts> {
  const { store, github } = world;
  const { read, close } = await store.reads();
  try {
    const fleet = await read.fleets.get(of.id);
    if (fleet === undefined) throw new Error(`There is no fleet ${of.id}.`);
    const tasks = await read.tasks.ofFleet(of.id);
    const given = store
      .deliveries()
      .filter(({ comment_id }) => comment_id !== null && of.comments.includes(comment_id));
    const all = store.effects();
    const effects = all.filter(
      ({ fleet_id, key }) => fleet_id === of.id || given.some(({ id }) => key.includes(`:${id}`)),
    );
    const others = new Set(all.flatMap(({ id }) => (effects.some((effect) => effect.id === id) ? [] : [id])));
    // What no effect made is told with every fleet.
    const isOurs = ({ user, body }: { user: { type: string }; body: string | null }): boolean =>
      user.type === 'Bot' && !others.has(readMarker(body ?? '') ?? '');
    const issueNumber = fleet.trackingIssue?.number ?? null;
    const comments = await github.comments(world.commandIssue);
    if (issueNumber !== null) comments.push(...(await github.comments(issueNumber)));
    return {
      id: of.id,
      version: of.version,
      eventSeq: fleet.eventSeq,
      reportedSeq: fleet.reportedSeq,
      ended: fleet.endedAt !== null,
      issueNumber,
      events: await read.events.ofFleet(of.id),
      tasks,
      effects,
      deliveries: given,
      repositories: await repositoriesOf(world, read, { fleet, tasks, scenario: of.scenario }),
      issues: (await github.issues()).filter(isOurs),
      comments: comments.filter(isOurs),
      reactions: await github.reactions(of.comments[0] ?? 0),
      lateLists: of.scenario.trouble === 'doubled_comment',
      details: of.scenario.details,
    };
  } finally {
    await close();
  }
}

async function repositoriesOf(
  { github }: FaultsWorld,
  read: Reads,
  { fleet, tasks, scenario }: { fleet: FleetRow; tasks: readonly TaskRow[]; scenario: Scenario },
): Promise<RepositorySeen[]> {
  const seen: RepositorySeen[] = [];
  for (const [topic, expected] of Object.entries(scenario.outcomes)) {
    for (const name of REPOSITORIES[topic] ?? []) {
      const task = tasks.find(({ repository }) => repository === `acme/${name}`);
      const pushes = task === undefined ? [] : await read.pushes.ofBranch(task.repositoryId, fleet.branch);
      const branches = await github.branches(name, BRANCHES);
      const pulls = await github.pulls(name);
      seen.push({
        name,
        expected,
        earlierPull: scenario.follows,
        pulls: pulls.filter(({ head }) => head.ref === fleet.branch),
        orphans: branches.filter((branch) => pulls.every(({ head }) => head.ref !== branch)),
        written: branches.includes(fleet.branch) ? await github.text(name, 'VERSION', fleet.branch) : null,
        pushed: pushes.flatMap(({ state, sha }) => (state === 'pushed' ? [sha] : [])),
      });
    }
  }
  return seen;
}
