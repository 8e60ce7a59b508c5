/** What a task in the queue waits for: its wave, room on the disk, its turn, or GitHub. */
import { waitsToPublish } from '../publish-forecast.ts';
import { isPaused } from '../rollout/opening.ts';
import { waveName } from '../rollout/wave-names.ts';
import type { TurnEstimate } from '../turn-estimate.ts';
import { aboutUtc, ordinal, thousands } from './amounts.ts';
import type { FleetView, TaskView, TrackingIssueFacts } from './views.ts';

/**
 * Places are told to the first of the queue only: with every start each place changes, and of a fleet with many pages
 * each page would be edited for it.
 */
const PLACES_SHOWN = 20;

interface Line<Task extends TaskView> {
  fleet: Pick<FleetView, 'wave'>;
  tasks: readonly Task[];
}

/** Tasks that wait for their turn alone: their wave is released, and they have not begun to publish. */
export const tasksInLine = <Task extends TaskView>({ fleet, tasks }: Line<Task>): Task[] =>
  tasks.filter((task) => task.status === 'queued' && !waitsToPublish(task) && task.wave <= fleet.wave);

/** Outcome cells of the queued tasks, by task id. */
export function queueCells(facts: TrackingIssueFacts): ReadonlyMap<string, string> {
  const { fleet, tasks, publishing, turns, diskFullSince, now } = facts;
  const queued = tasks.filter((task) => task.status === 'queued');
  const inLine = tasksInLine(facts);
  const places = new Map(inLine.slice(0, PLACES_SHOWN).map((task, index) => [task.id, index + 1]));

  const cell = (task: TaskView): string => {
    if (waitsToPublish(task)) return publishingCell(task, publishing?.paced.has(task.id) ?? false, now);
    if (task.wave > fleet.wave) return `🕓 ${waveName(fleet.plan, task.wave)}`;
    if (fleet.gate === 'halted') return '🕓 held';
    if (isPaused(fleet)) return '🕓 paused';
    if (diskFullSince !== null) return '🕓 waits for disk space';
    if (task.notBefore > now) return `🕓 queued, not before ${aboutUtc(task.notBefore, now)}`;
    const place = places.get(task.id);
    if (place === undefined) return '🕓 queued';
    return `🕓 queued, ${ordinal(place)} of ${thousands(inLine.length)}${turns === null ? '' : turnText(turns, place, now)}`;
  };
  return new Map(queued.map((task) => [task.id, cell(task)]));
}

/** @param place from 1 */
function turnText({ turns }: TurnEstimate, place: number, now: number): string {
  const turn = turns[place - 1];
  if (turn === undefined) return ', no estimate yet';
  const behind = turn.behind === 0 ? '' : `, behind ${thousands(turn.behind)} of other fleets`;
  return `${behind}, ${startText(turn.startsAt, now)}`;
}

function startText(startsAt: number | null, now: number): string {
  if (startsAt === null) return 'no estimate yet';
  // A time that is always now would make another text at each look.
  return startsAt <= now ? 'starts next' : `at about ${aboutUtc(startsAt, now)}`;
}

function publishingCell({ notBefore }: TaskView, paced: boolean, now: number): string {
  if (notBefore <= now) return '⏳ pull request is next';
  return `⏳ pull request waits for GitHub's ${paced ? 'limits' : 'answer'} until about ${aboutUtc(notBefore, now)}`;
}
