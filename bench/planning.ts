import type { Benchmark, Figure, Target } from './benchmark.ts';
import { openWorld } from './world/open-world.ts';
import { organization, settingsFor } from './world/organization.ts';

interface Size {
  repositories: number;
  selected: number;
  /** At most, until the plan is made. */
  requests: number;
  /** At most, from then until the tracking issue shows it: reactions, the issue, its pages, the reply. */
  creations: number;
}

const WHOLE: Size = { repositories: 10_000, selected: 500, requests: 110, creations: 7 };
const SMALL: Size = { repositories: 1_000, selected: 50, requests: 17, creations: 4 };
const CPU_S = 3;
const PEAK_MIB = 300;

/** What one command costs before anything runs, where an organization is large. */
export const planning: Benchmark = {
  name: 'planning',
  about({ small }) {
    const { selected, repositories } = small ? SMALL : WHOLE;
    return `\`/fleet bench --plan\` until its tracking issue shows the plan: ${selected} repositories of ${repositories}`;
  },
  async run({ small }) {
    const { repositories, selected, ...most } = small ? SMALL : WHOLE;
    // The control repository is one of them.
    const seed = organization({ repositories: selected, files: 1, others: repositories - selected - 1 });
    const world = await openWorld({ seed, settings: settingsFor(8) });
    try {
      // What a process asks once, and loads at its first command, is no part of a plan.
      await world.run('/fleet help');
      const peakBefore = world.appPeakMiB();
      const begin = Date.now();
      const { appCpuMs, requests } = await world.run('/fleet bench version=1 --plan');
      const peak = world.appPeakMiB();
      const count = (...kinds: readonly Kind[]): number =>
        requests.filter(({ route }) => kinds.includes(kindOf(route))).length;
      const figures: Figure[] = [
        { name: 'requests for the plan', value: count('page', 'graphql', 'read'), unit: 'requests' },
        { name: 'of them pages of the listing', value: count('page'), unit: 'requests' },
        { name: 'of them GraphQL', value: count('graphql'), unit: 'requests' },
        { name: 'to tell it', value: count('creation'), unit: 'requests' },
        { name: 'for tokens', value: count('token'), unit: 'requests' },
        { name: 'time', value: ((requests.at(-1)?.at ?? Number.NaN) - begin) / 1000, unit: 's' },
      ];
      const targets: Target[] = [
        { figure: 'requests for the plan', atMost: most.requests, counted: true },
        { figure: 'to tell it', atMost: most.creations, counted: true },
      ];
      if (appCpuMs !== undefined && peak !== undefined && peakBefore !== undefined) {
        figures.push(
          { name: 'processor of the app', value: appCpuMs / 1000, unit: 's' },
          { name: 'peak memory of the app', value: peak, unit: 'MiB' },
          { name: 'peak before the plan', value: peakBefore, unit: 'MiB' },
        );
        targets.push({ figure: 'processor of the app', atMost: CPU_S });
        targets.push({ figure: 'peak memory of the app', atMost: PEAK_MIB });
      }
      return { measured: true, repetitions: 1, figures, targets };
    } finally {
      await world.close();
    }
  },
};

type Kind = 'page' | 'graphql' | 'read' | 'creation' | 'token';

/** @param route method and path, as GitHub's contract names it */
function kindOf(route: string): Kind {
  if (route === 'GET /installation/repositories') return 'page';
  if (route === 'POST /graphql') return 'graphql';
  if (route.endsWith('/access_tokens')) return 'token';
  return route.startsWith('GET ') ? 'read' : 'creation';
}
