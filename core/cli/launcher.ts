/** Whoever started this process: a launcher on an older Node, npm's shell, a console client. */

/** How often it is looked for. */
const lookMs = 500;

/** When what started this process (npm's shell, a launcher on an older Node) was killed, nobody would ever stop it. */
export function stopWithLauncher(stop: () => void): void {
  const launcher = Number(process.env.ROOST_LAUNCHER_PID);
  if (!launcher) return;
  setInterval(() => {
    if (!isAlive(launcher)) stop();
  }, lookMs).unref();
}

function isAlive(pid: number): boolean {
  if (process.platform !== 'win32') return process.ppid === pid;
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // ESRCH: there is no such process.
  }
}
