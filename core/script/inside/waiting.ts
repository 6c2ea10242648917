/** Timers, and lines for the log. */
import { allow, finite, longest, nameOf } from './checks.ts';
import { here, intend, needRoom, type Obj, undoable } from './here.ts';
import { dataLimits, plain } from './plain.ts';

const mostTimers = 64;
/** Seconds: a timer is not set further ahead than ten years. */
const farthest = 315_360_000;

export function setTimer(seconds: unknown, every: boolean, name: unknown, data: unknown): void {
  const { me, script } = here;
  if (!me || !script) return;
  if (here.asking) throw new Error('a `before` handler only decides: it changes nothing');
  const wait = finite(seconds, 'seconds', every ? 0.05 : 0, farthest);
  const timer = nameOf(name, 'a timer');
  if (!script.timers.has(timer)) throw new TypeError(`${script.name} has no timers.${timer}`);
  const key = { object: me.id, script: script.name, name: timer };
  const old = here.timers.find(key);
  if (!old && here.timers.count(me.id) >= mostTimers)
    throw new RangeError(`an object has at most ${mostTimers} timers`);
  const value = plain(data ?? null, 'data', dataLimits.data);
  needRoom();
  undoable(() => (old ? here.timers.set(old) : here.timers.remove(key)));
  here.timers.set({ ...key, due: here.time + wait, every: every ? wait : null, data: value });
}

export function cancelTimer(name: unknown): void {
  const { me, script } = here;
  if (!me || !script || typeof name !== 'string') return;
  if (here.asking) throw new Error('a `before` handler only decides: it changes nothing');
  needRoom();
  const old = here.timers.remove({ object: me.id, script: script.name, name });
  if (old) undoable(() => here.timers.set(old));
}

/** The engine's own timer that ends a spawned object. */
export const lifeTimer = { script: '@', name: 'life' } as const;

export function setLife(object: Obj, seconds: unknown): void {
  needRoom();
  const due = here.time + finite(seconds, 'life', 0.01, farthest);
  here.timers.set({ object: object.id, ...lifeTimer, due, every: null, data: null });
}

export function log(values: readonly unknown[]): void {
  if (!allow('log')) return;
  const text = values
    .slice(0, 16)
    .map((value) =>
      typeof value === 'string' ? value : JSON.stringify(plain(value ?? null, 'a value', dataLimits.data)),
    );
  intend({
    verb: 'log',
    id: here.me?.id ? here.me.id : null,
    text: text.join(' ').slice(0, longest.text).toWellFormed(),
  });
}
