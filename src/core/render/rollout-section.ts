/** How far the waves of a fleet are, and why it is held. */
import { gateExpiresAt } from '../rollout/gate-expiry.ts';
import { isHeld, isPaused, openingText } from '../rollout/opening.ts';
import { namedWaves } from '../rollout/wave-names.ts';
import { isTerminal } from '../status.ts';
import { repositories, thousands, utc } from './amounts.ts';
import { isFailed, summary } from './outcome-words.ts';
import { codeSpan } from './safe-text.ts';
import { shareText } from './share-text.ts';
import type { GateView, TaskView, TrackingIssueFacts } from './views.ts';

/** Waves shown in a line: the first ones and those around the current one say enough. */
const WAVES_SHOWN = 12;

/** Empty where nothing is held and all repositories are one wave; at most a few hundred UTF-16 units. */
export function rolloutSection(facts: TrackingIssueFacts): string {
  if (facts.status === 'planned') return '';
  return [waveLine(facts), held(facts), expired(facts)].filter((part) => part !== '').join('\n\n');
}

function waveLine({ fleet, tasks }: TrackingIssueFacts): string {
  const waves = namedWaves(fleet.plan);
  if (waves.length < 2) return '';
  const byWave = Map.groupBy(tasks, ({ wave }) => wave);
  const texts = waves.map(({ name, targets }, wave) => {
    const text = `${name} (${thousands(targets.length)})`;
    const current = wave === fleet.wave && fleet.endedAt === null;
    return `${waveSign(byWave.get(wave) ?? [], fleet, wave)} ${current ? `**${text}**` : text}`;
  });
  const from = Math.max(0, Math.min(fleet.wave - 2, texts.length - WAVES_SHOWN));
  const shown = texts.slice(from, from + WAVES_SHOWN);
  const more = [from > 0 ? ['…'] : [], shown, from + shown.length < texts.length ? ['…'] : []];
  return `Rollout: ${more.flat().join(' → ')}`;
}

function waveSign(tasks: readonly TaskView[], fleet: TrackingIssueFacts['fleet'], wave: number): string {
  if (tasks.some(({ status }) => !isTerminal(status))) {
    if (wave > fleet.wave) return '🕓';
    return fleet.gate === 'halted' || isPaused(fleet) ? '⏸️' : '🚀';
  }
  if (tasks.every(({ status }) => status === 'cancelled')) return '🛑';
  if (tasks.every(({ status }) => status === 'completed')) return '✅';
  return tasks.some(({ status }) => status === 'completed') ? '⚠️' : '❌';
}

function held(facts: TrackingIssueFacts): string {
  const { fleet, tasks } = facts;
  if (!isHeld(fleet)) return '';
  const until = fleet.gateSince === null ? '' : `; it is cancelled by itself on ${utc(gateExpiresAt(fleet.gateSince))}`;
  const left = tasks.filter(({ status }) => status === 'queued').length;
  const ways = `\`/fleet approve\` ${openingText(fleet, tasks)}, \`/fleet reject\` cancels the rest (${repositories(left)})${until}.`;
  switch (fleet.gate) {
    case 'wave': {
      const name = capital(nameOf(facts, fleet.wave));
      const ofWave = tasks.filter(({ wave }) => wave === fleet.wave);
      const how = ofWave.every(({ status }) => isTerminal(status)) ? 'is done' : 'is to be tried again';
      return `**${name} ${how}:** ${summary(ofWave)}. ${ways}`;
    }
    case 'halted': {
      const runs = tasks.some(({ status }) => status === 'running') ? ' What runs is finished.' : '';
      return `**Halted:** ${haltedText(facts)}.${runs} ${ways}`;
    }
  }
}

/** `3 of 10 repositories of wave 1 failed (`halt_on_failure: 20%`)` */
function haltedText(facts: TrackingIssueFacts): string {
  const limit = facts.fleet.plan.workflow.rollout?.haltOnFailure ?? null;
  const why = limit === null ? '' : ` (${codeSpan(`halt_on_failure: ${shareText(limit)}`, 60)})`;
  const gate = facts.gates.findLast(({ halt }) => halt !== null);
  return gate === undefined ? `too many repositories failed${why}` : `${failedText(facts, gate)}${why}`;
}

/** `3 of 10 repositories of wave 1 failed`; of failures before an approval it says nothing, as they count no more. */
export function failedText(facts: Pick<TrackingIssueFacts, 'fleet' | 'tasks' | 'gates'>, gate: GateView): string {
  if (gate.halt === null) return '';
  const { failed, of } = gate.halt;
  const wave = facts.tasks.filter((task) => task.wave === gate.wave);
  const where = of === wave.length && of < facts.tasks.length ? ` of ${nameOf(facts, gate.wave)}` : '';
  const before = facts.gates.filter(({ end, closedAt }) => end?.kind === 'opened' && closedAt < gate.closedAt);
  const failures = facts.tasks.filter(isFailed).length;
  const since = before.length > 0 && failures > failed ? ' since it went on' : '';
  return `${thousands(failed)} of ${repositories(of)}${where} failed${since}`;
}

/** `the canary`, `wave 1` */
export function nameOf({ fleet: { plan } }: Pick<TrackingIssueFacts, 'fleet'>, wave: number): string {
  const waves = namedWaves(plan);
  if (waves.length < 2) return 'the fleet';
  const name = waves[wave]?.name ?? '';
  return name === 'canary' ? 'the canary' : name;
}

function expired({ fleet, gates }: TrackingIssueFacts): string {
  if (fleet.cancelRequestedAt === null) return '';
  return gates.at(-1)?.end?.kind === 'expired' ? 'Nobody let it go on within 7 days, so the rest was cancelled.' : '';
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
