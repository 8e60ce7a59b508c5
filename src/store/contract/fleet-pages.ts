import type { TaskCounts } from '../../core/rollup.ts';
import type { FleetRow } from './fleets.ts';

/** Which fleet of which control repository, as far as it decides who may see it. */
export type FleetPlace = Pick<
  FleetRow,
  'installationId' | 'controlRepositoryId' | 'controlRepository' | 'workflow' | 'door' | 'sender'
>;

/** Which fleets a list is about; what is absent does not narrow it. */
export interface FleetFilter {
  /** GitHub's ids. */
  controlRepositories?: readonly number[];
  workflow?: string;
  /** Login; case does not count. */
  sender?: string;
  ended?: boolean;
}

/** A fleet's place in the list of all, and what decides who may see it. */
export interface ListedFleet extends FleetPlace {
  /** Falls from page to page: newest first. */
  seq: number;
}

/** What a list shows of a fleet. */
export interface FleetLine extends Omit<FleetRow, 'plan' | 'reportedPages'> {
  seq: number;
  inputs: Readonly<Record<string, string>>;
  counts: TaskCounts;
  /** How many of its tasks have one. */
  pullRequests: number;
}

/** Lists of fleets: no plan is read for them. */
export interface FleetPageReads {
  /** Those that came before `before`, or all; newest first, at most `limit`. */
  list(filter: FleetFilter, before: number | null, limit: number): Promise<ListedFleet[]>;
  /** In the order of `seqs`, at most 500. */
  lines(seqs: readonly number[]): Promise<FleetLine[]>;
  /** Ids of the control repositories that a fleet knows or knew under this name; case does not count. */
  idsOf(controlRepository: string): Promise<number[]>;
}
