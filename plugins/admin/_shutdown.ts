/** A stop that is on its way, and what everyone is told of it. */
import { type Host, type Json, type Off, z } from 'roost/plugin';
import { memoryOf } from './_memory.ts';

/** Everyone is told when so many seconds are left. */
const marks = [3_600, 1_800, 900, 600, 300, 120, 60, 30, 10, 5, 4, 3, 2, 1];

/** Counts down, and then stops the node; the former countdown, if there is one, ends. */
export function countDown(host: Host, seconds: number, reason: string): { readonly at: number } {
  const at = host.clock.now() + seconds;
  plan(host, at, reason);
  tell(host, seconds, reason);
  return { at };
}

const kept = z.object({ at: z.number(), reason: z.string() });

/** What the next build of the plugin goes on with: everybody was told. */
export function keepCountDown(host: Host): Json | undefined {
  const { shutdown } = memoryOf(host);
  return shutdown ? { at: shutdown.at, reason: shutdown.reason } : undefined;
}

export function goOnCounting(host: Host, former: Json | undefined): void {
  const { success, data } = kept.safeParse(former);
  if (success) plan(host, data.at, data.reason);
}

function plan(host: Host, at: number, reason: string): void {
  const memory = memoryOf(host);
  memory.shutdown?.cancel();
  const seconds = Math.max(0, at - host.clock.now());
  const offs: Off[] = [
    ...marks.filter((left) => left < seconds).map((left) => host.after(seconds - left, () => tell(host, left, reason))),
    host.after(seconds, () => {
      memory.shutdown = null;
      host.node.stop(reason === '' ? 'shutdown' : `shutdown: ${reason}`);
    }),
  ];
  const cancel = () => {
    for (const off of offs) off();
    memory.shutdown = null;
  };
  memory.shutdown = { at, reason, cancel };
}

function tell(host: Host, left: number, reason: string): void {
  const message = `The server stops in ${inWords(left)}${reason === '' ? '' : `: ${reason}`}`;
  host.send('everyone', 'notice', { code: 'admin.shutdown', message, seconds: left });
}

function inWords(seconds: number): string {
  const [count, unit] = seconds >= 120 ? [Math.round(seconds / 60), 'minute'] : [Math.round(seconds), 'second'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
