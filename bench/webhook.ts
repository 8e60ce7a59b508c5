import { setTimeout as wait } from 'node:timers/promises';
import { type GitHubDoor, openGitHubDoor } from '../test/github/github-door.ts';
import { openStoreLook, type StoreLook } from '../test/github/store-look.ts';
import type { Benchmark, Figure } from './benchmark.ts';
import { percentile } from './measure.ts';
import {
  type Answered,
  comment,
  type Delivery,
  issueEdit,
  type Origin,
  sendOnSchedule,
  unused,
} from './world/deliveries.ts';
import { type BenchWorld, openWorld } from './world/open-world.ts';
import { organization, serviceName, settingsFor } from './world/organization.ts';

const PER_SECOND = 50;
const SECONDS = 20;
const PARALLEL = 8;
const TARGET_MS = 100;
const LOOK_MS = 100;

/** GitHub gives an answer up after ten seconds, and what is not answered has to be asked for again. */
export const webhook: Benchmark = {
  name: 'webhook',
  about: () =>
    `an answer to a signed delivery when ${PER_SECOND} come a second, most of them no command, at a server without and with a large fleet`,
  async run({ small }) {
    const seconds = small ? 2 : SECONDS;
    const world = await openWorld({
      seed: organization({ repositories: small ? 20 : 300, files: 10 }),
      settings: settingsFor(PARALLEL),
    });
    try {
      const place = await placeOf(world);
      const idle = await load(place, 'idle', seconds);
      const fleet = await largeFleet(place);
      const busy = await load(place, 'busy', seconds);
      await endFleet(place, fleet);
      const refused = [...idle, ...busy].filter(({ status }) => status < 200 || status > 299).length;
      return {
        measured: true,
        repetitions: 1,
        figures: [
          ...figuresOf('without a fleet', idle),
          ...figuresOf('with a fleet', busy),
          { name: 'refused', value: refused, unit: 'requests' },
          { name: 'commands without a reply', value: unanswered(place).length, unit: 'requests' },
        ],
        targets: [
          { figure: 'without a fleet, p99', atMost: TARGET_MS },
          { figure: 'with a fleet, p99', atMost: TARGET_MS },
          { figure: 'refused', atMost: 0, counted: true },
          // Where a person's commands wait longer than this takes, those after the twentieth are dropped.
          { figure: 'commands without a reply', atMost: 0, ...(small ? { counted: true } : {}) },
        ],
      };
    } finally {
      await world.close();
    }
  },
};

interface Place {
  world: BenchWorld;
  door: GitHubDoor;
  store: StoreLook;
  origin: Origin;
  /** Ids of the deliveries that held a command. */
  commands: string[];
}

/** After one fleet, which warms up the app and tells who is who. */
async function placeOf(world: BenchWorld): Promise<Place> {
  await world.run(`/fleet bench version=warm-up --repo ${serviceName(0)}`);
  const store = openStoreLook(world.folder);
  const { read, close } = await store.reads();
  const [fleet] = await read.fleets.all();
  await close();
  if (fleet === undefined) throw new Error(`There is no fleet; see ${world.folder}.`);
  const { installationId, controlRepositoryId, controlRepository, runAs } = fleet;
  const repository = { id: controlRepositoryId, fullName: controlRepository };
  const origin = { installationId, repository, sender: { id: runAs.id, login: runAs.login } };
  return { world, door: openGitHubDoor(world.address), store, origin, commands: [] };
}

async function load(place: Place, name: string, seconds: number): Promise<Answered[]> {
  const { world, commands } = place;
  const deliveries = await mixed(place, name, seconds * PER_SECOND);
  commands.push(...deliveries.commands);
  const { webhookUrl: url, address } = world;
  return sendOnSchedule(deliveries.all, { url, secret: address.webhookSecret, perSecond: PER_SECOND });
}

/**
 * Of a hundred: 40 events that have no door, 34 comments and 6 edits of issues that mean nothing, 12 that GitHub sends once
 * more, 7 commands that ask for the status and one that starts a fleet over one repository.
 */
async function mixed({ door, origin }: Place, name: string, count: number) {
  const all: Delivery[] = [];
  const commands: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const id = `${name}-${at}`;
    // In no order that a kind keeps.
    const kind = (at * 37) % 100;
    const earlier = all[at - 1 - (at % 30)];
    if (kind < 40) all.push(unused(origin, id, kind < 15 ? 'push' : kind < 30 ? 'pull_request' : 'check_run'));
    else if (kind < 74) all.push(comment(origin, id, { commentId: 1_000_000 + at, body: REVIEW }));
    else if (kind < 80) all.push(issueEdit(origin, id));
    else if (kind < 92 && earlier !== undefined) all.push(earlier);
    else {
      // GitHub knows the comment, so that it can be replied to; only what it says there is none.
      const commentId = await door.say(1, 'A command follows.');
      const body = kind < 99 ? '/fleet status' : `/fleet bench version=${id} --repo ${serviceName(at % 20)}`;
      all.push(comment(origin, id, { commentId, body }));
      commands.push(id);
    }
  }
  return { all, commands };
}

const REVIEW = 'I read this twice and still think that the other way round is better.\n'.repeat(20);

/** Its id, once the first of its tasks has ended. */
async function largeFleet({ door, store }: Place): Promise<string> {
  const commentId = await door.say(1, '/fleet bench version=large');
  for (;;) {
    const id = store.fleetOf(commentId);
    if (id !== undefined && store.endedTasks(id) > 0) return id;
    await wait(LOOK_MS);
  }
}

/** What is left of it says nothing more. */
async function endFleet({ door, store }: Place, id: string): Promise<void> {
  await door.say(1, `/fleet cancel ${id}`);
  while (!store.isQuiet()) await wait(LOOK_MS);
}

function unanswered({ store, commands }: Place): string[] {
  const answered = new Set(store.deliveries().flatMap(({ id, answer }) => (answer === null ? [] : [id])));
  return commands.filter((id) => !answered.has(id));
}

function figuresOf(name: string, answers: readonly Answered[]): Figure[] {
  const sorted = answers.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const figure = (of: string, share: number): Figure => ({
    name: `${name}, ${of}`,
    value: percentile(sorted, share),
    unit: 'ms',
  });
  return [figure('p50', 0.5), figure('p99', 0.99), figure('most', 1)];
}
