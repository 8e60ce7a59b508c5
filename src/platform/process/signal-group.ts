/** Signals a process group; 0 only asks. Returns whether there was anybody to signal. */
export function signalGroup(pid: number | undefined, signal: NodeJS.Signals | 0): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    // ESRCH: all gone. EPERM: macOS says so of a group that holds zombies alone.
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
    return false;
  }
}
