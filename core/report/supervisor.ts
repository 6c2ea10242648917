/**
 * Tells systemd that the node serves, that it is alive and that it stops (`Type=notify`, `WatchdogSec=`). systemd listens on a Unix
 * datagram socket, which Node has no way to write to; its own `systemd-notify` does, and a small shell beside the node
 * calls that, so that the node itself is forked once and not at every sign of life.
 */
import { spawn } from 'node:child_process';
import type { Log } from '../contract/ports.ts';

export interface Supervisor {
  /** The node serves. From now on it gives signs of life, as often as systemd wants them. */
  ready(): void;
  /** The node was asked to stop. */
  stopping(): void;
}

/** What systemd says in the environment: where it listens, and how long it bears silence. */
export type SupervisorEnv = Readonly<
  Partial<Record<'NOTIFY_SOCKET' | 'WATCHDOG_USEC' | 'WATCHDOG_PID' | 'PATH', string>>
>;

/** One word a line, each sent by a process that ends; the shell ends when the node has. */
const teller = 'while IFS= read -r word; do systemd-notify "$word"; done';

/** Signs of life within the time that systemd waits for one. */
const signsPerSilence = 3;

/** Without a supervisor that listens nothing is told, and nothing is started. */
export function createSupervisor(env: SupervisorEnv, log: Log): Supervisor {
  const { NOTIFY_SOCKET, PATH = '' } = env;
  if (NOTIFY_SOCKET === undefined || NOTIFY_SOCKET === '') return { ready() {}, stopping() {} };
  const child = spawn('/bin/sh', ['-c', teller], {
    stdio: ['pipe', 'ignore', 'inherit'],
    env: { PATH, NOTIFY_SOCKET },
  });
  // It ends with the node, and keeps nobody from ending.
  child.unref();
  const lost = (why: unknown) => log.error({ error: why }, 'the supervisor cannot be told how the node is');
  child.on('error', lost);
  child.on('exit', lost);
  child.stdin.on('error', lost);
  const tell = (word: string) => {
    if (child.stdin.writable) child.stdin.write(`${word}\n`);
  };
  return {
    ready() {
      tell('READY=1');
      const everyMs = silenceMs(env) / signsPerSilence;
      // A timer of the thread that everything runs on: when that is held, so are the signs.
      if (everyMs > 0) setInterval(() => tell('WATCHDOG=1'), everyMs).unref();
    },
    stopping: () => tell('STOPPING=1'),
  };
}

/** Milliseconds without a sign of life that systemd bears; 0 when it wants none of this process. */
function silenceMs({ WATCHDOG_USEC, WATCHDOG_PID }: SupervisorEnv): number {
  // A launcher may stand in front of the node.
  const isOurs = WATCHDOG_PID === undefined || [process.pid, process.ppid].includes(Number(WATCHDOG_PID));
  const microseconds = Number(WATCHDOG_USEC);
  return isOurs && Number.isFinite(microseconds) ? microseconds / 1_000 : 0;
}
