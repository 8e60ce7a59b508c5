/** Names of the files that the nodes of a task leave, in one folder for all its attempts. */
import { createHash } from 'node:crypto';

/** File systems take 255 bytes for a name, and some of these get more around them. */
const MAX_NAME = 100;

/** Of a node, by its path (`group/2/test`), without attempt and ending; a later try of the node has its own. */
export function logName(path: string, tryNumber = 1): string {
  const name = path.replaceAll('/', '.');
  const short =
    name.length <= MAX_NAME
      ? name
      : `${createHash('sha256').update(name).digest('hex').slice(0, 12)}.${name.slice(-MAX_NAME + 13)}`;
  return tryNumber === 1 ? short : `${short}.try-${tryNumber}`;
}

/** @param ending `log` of commands, `jsonl` of agents */
export const logFile = (attempt: number, name: string, ending: 'log' | 'jsonl'): string =>
  `${attempt}.${name}.${ending}`;

export interface NodeFile {
  name: string;
  /** From 1: of the node's `retry`. */
  tryNumber: number;
  /** Of a loop, from 1; null: it is of none. */
  iteration: number | null;
  /** An agent's second answer where the first had not the right form; what judges whether a loop ends. */
  part: 'again' | 'until' | null;
  isTranscript: boolean;
}

/** Those of the names that are of the node in that attempt, as they were written. */
export function filesOfNode(
  names: readonly string[],
  { attempt, nodeId, kind }: { attempt: number; nodeId: string; kind: string },
): NodeFile[] {
  const start = `${attempt}.${logName(nodeId)}`;
  return names
    .flatMap((name) => {
      const match = name.startsWith(start) ? REST.exec(name.slice(start.length)) : null;
      if (match === null) return [];
      const [, tryNumber, iteration, part, ending] = match;
      // Names of nodes within a group begin with the group's; of its own it has only what ends it.
      if ((kind === 'loop_group' && part !== 'until') || kind === 'include') return [];
      const file: NodeFile = {
        name,
        tryNumber: Number(tryNumber ?? 1),
        iteration: iteration === undefined ? null : Number(iteration),
        part: part === 'again' || part === 'until' ? part : null,
        isTranscript: ending === 'jsonl',
      };
      return [file];
    })
    .toSorted(
      (a, b) =>
        a.tryNumber - b.tryNumber ||
        (a.iteration ?? LAST) - (b.iteration ?? LAST) ||
        PARTS.indexOf(a.part) - PARTS.indexOf(b.part),
    );
}

const REST = /^(?:\.try-(\d+))?(?:\.(\d+))?(?:\.(again|until))?\.(log|jsonl)$/;
/** What ends a loop is one file for all its iterations. */
const LAST = Number.MAX_SAFE_INTEGER;
const PARTS: readonly NodeFile['part'][] = [null, 'again', 'until'];
