import { closeSync, readdirSync, readFileSync } from 'node:fs';

/** O_CLOEXEC of open(2) as proc_pid_fdinfo(5) shows it. */
const CLOSED_ON_EXEC = 0o2000000;
const FIRST = 3;

/**
 * Closes what whoever started this process left open for it: locks, logs and sockets of shells and supervisors, which every
 * command would inherit, as bubblewrap passes all of them on. To be called before anything is opened; what Node opened for
 * itself stays.
 */
export function closeInheritedDescriptors(): void {
  if (process.platform !== 'linux') return;
  for (const name of readdirSync('/proc/self/fd')) {
    const descriptor = Number(name);
    if (descriptor >= FIRST && isInherited(name)) closeSync(descriptor);
  }
}

function isInherited(descriptor: string): boolean {
  try {
    const [, flags = ''] = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8')) ?? [];
    return flags !== '' && (Number.parseInt(flags, 8) & CLOSED_ON_EXEC) === 0;
  } catch {
    // The one of the list itself.
    return false;
  }
}
