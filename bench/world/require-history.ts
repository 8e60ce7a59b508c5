import { openReads } from '../../src/store/sqlite/open.ts';

/** Throws unless the file says of each task of each fleet that it started once and completed once, without a gap between events. */
export async function requireHistory(file: string, fleets: readonly { id: string; tasks: number }[]): Promise<void> {
  const { read, close } = await openReads({ file });
  try {
    for (const { id, tasks } of fleets) {
      const events = await read.events.ofFleet(id);
      const gap = events.findIndex(({ seq }, index) => seq !== index + 1);
      if (gap !== -1) throw new Error(`Event ${gap + 1} of ${id} is missing.`);
      for (const type of ['task_started', 'task_completed']) {
        const of = events.flatMap(({ event }) => (event.type === type && 'taskId' in event ? [event.taskId] : []));
        if (of.length !== tasks || new Set(of).size !== tasks) {
          throw new Error(`${id} has ${of.length} events ${type} of ${new Set(of).size} tasks, not ${tasks}.`);
        }
      }
    }
  } finally {
    await close();
  }
}
