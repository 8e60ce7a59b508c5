import type { RequestSeen } from '../test/github/start-github.ts';
import type { Benchmark } from './benchmark.ts';
import { openWorld } from './world/open-world.ts';
import { organization, settingsFor } from './world/organization.ts';

const PARALLEL = 8;
const WHOLE = { repositories: 50, files: 5000 };
const SMALL = { repositories: 5, files: 200 };
const WARM_UP = 8;

/** A second fleet finds the mirrors of the first, and fetches nothing where nothing has changed. */
export const warm: Benchmark = {
  name: 'warm',
  about({ small }) {
    const { repositories, files } = small ? SMALL : WHOLE;
    return `a second fleet over the same ${repositories} repositories of ${files} files, against the first`;
  },
  async run({ small }) {
    const { repositories, files } = small ? SMALL : WHOLE;
    const world = await openWorld({
      seed: organization({ repositories, files, warmUp: WARM_UP }),
      settings: settingsFor(PARALLEL),
    });
    try {
      await world.run('/fleet warm-up version=1');
      const first = await world.run('/fleet bench version=1');
      const second = await world.run('/fleet bench version=2');
      return {
        measured: true,
        repetitions: 1,
        figures: [
          { name: 'first run', value: first.wallMs / 1000, unit: 's' },
          { name: 'second run', value: second.wallMs / 1000, unit: 's' },
          { name: 'ratio', value: second.wallMs / first.wallMs, unit: '×' },
          { name: 'fetches of the first run', value: fetches(first.requests), unit: 'requests' },
          { name: 'fetches of the second run', value: fetches(second.requests), unit: 'requests' },
        ],
        targets: [
          { figure: 'fetches of the first run', atMost: repositories, counted: true },
          { figure: 'fetches of the second run', atMost: 0, counted: true },
        ],
      };
    } finally {
      await world.close();
    }
  },
};

const fetches = (requests: readonly RequestSeen[]): number =>
  requests.filter(({ route }) => route === 'POST git-upload-pack').length;
