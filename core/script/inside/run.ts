/** Runs one handler: all or nothing. What it changed and asked for stays only when it ends well. */
import type { Json } from '../../contract/content.ts';
import type { Kept } from './costs.ts';
import { dropDrafts, type Group, settleGroups } from './group.ts';
import { type Faults, here, needRoom, type Obj } from './here.ts';
import { isSuspended, showMarks } from './marks.ts';
import { dataLimits, plain, weighed } from './plain.ts';
import type { Failure } from './reports.ts';
import type { Handler, Script } from './script.ts';

/** What `run` gives for a handler that failed. */
export const failed: unique symbol = Symbol('failed');

/** What handlers may ask for: in one of them, and in all of a tick, of which the zone takes no more (core/zone/verb.ts). */
const mostIntents = { handler: 2_000, tick: 18_000 } as const;

/** Frames that there must be room for where a handler runs inside another. */
const roomFrames = 400;

/** Bytes that an intent counts for, beside the data in it. */
const intentBytes = 200;
/** Bytes below which nobody asks who they come from. */
const lightBytes = 4_096;

const suspension = {
  /** Throws within `window` seconds that suspend. */
  throws: 3,
  window: 10,
  /** Seconds of the first one; each further one doubles, up to `most`. */
  first: 10,
  most: 600,
} as const;

export type Runner = {
  readonly kept: Kept;
  /** What the handlers of an object script, and of the zone's, are given as their first parameter. */
  readonly self: (object: Obj, turn: number) => object;
  readonly zone: object;
  readonly failureOf: (thrown: unknown, script: Script) => Failure;
};

let runner: Runner;

/** Set once, when the zone is loaded. */
export function useRunner(made: Runner): void {
  runner = made;
}

/** Makes the event of the handler with number `turn`; views in it live as long as that handler. */
export type MakeEvent = (turn: number) => object;

/** Runs the handlers of an event on an object, those of suspended scripts left out. */
export function dispatch(object: Obj, name: string, event: MakeEvent, caller: string | null = null): void {
  const handlers = object.sort.on.get(name);
  if (!handlers) return;
  for (const handler of handlers) {
    if (!object.alive) return;
    if (!isSuspended(object, handler.script)) run(object, handler, event(here.turns + 1), caller);
  }
}

/**
 * Runs one handler and, when it succeeded, what it left for later (`create` of what it made, `destroy`).
 * @returns what it gave back, or `failed`.
 */
export function run(
  object: Obj,
  handler: Handler,
  event: object,
  caller: string | null = null,
  reply = false,
): unknown {
  const result = attempt(object, handler, event, caller, reply);
  drain();
  return result;
}

/** Runs what handlers left for later, in order; what these leave comes after. */
export function drain(): void {
  if (here.draining || here.later.length === 0) return;
  here.draining = true;
  while (here.later.length > 0) here.later.shift()?.();
  here.draining = false;
}

/** Asks a `before` handler inside another handler. Whatever it does but answer is undone. */
export function askBefore(object: Obj, name: string, event: MakeEvent): string | null {
  for (const handler of object.sort.before.get(name) ?? []) {
    // Where the stack ends is the doing of who asks from there, not of who is asked.
    needRoom(roomFrames);
    if (isSuspended(object, handler.script)) continue;
    const { me, script, handler: asker, caller, turn, asking } = here;
    let answer: unknown;
    try {
      here.asking = true;
      answer = attempt(object, handler, event(here.turns + 1), caller, true);
    } finally {
      // Also where the stack ends in the middle of it: who asks may go on with that.
      here.me = me;
      here.script = script;
      here.caller = caller;
      here.turn = turn;
      here.asking = asking;
      here.handler = asker;
      if (me && asker) runner.kept.resume(me, asker);
    }
    if (answer === failed) return 'its script failed';
    if (answer === false) return 'it refuses';
    if (typeof answer === 'string' && answer !== '') return answer;
  }
  return null;
}

function attempt(object: Obj, handler: Handler, event: object, caller: string | null, reply: boolean): unknown {
  const log = here.logged;
  const intents = here.intents.length;
  const drafted = here.drafted.length;
  const recalled = here.recalled.length;
  const later = here.later.length;
  const bytes = weighed();
  const turn = ++here.turns;
  here.turn = turn;
  here.me = object;
  here.script = handler.script;
  here.handler = handler;
  here.caller = caller;
  runner.kept.enter(object, handler);
  let result: unknown;
  try {
    result = handler.run(handler.script.role === 'zone' ? runner.zone : runner.self(object, turn), event);
    if (reply) result = result === undefined ? undefined : plain(result, 'the answer', dataLimits.data);
    do {
      // Either may run getters of the script, which draft or recall more: nothing of a script stays where data is kept.
      while (here.recalled.length > recalled) here.recalled.pop()?.();
      if (here.drafted.length > drafted) settleGroups(drafted);
    } while (here.recalled.length > recalled);
    const asked = here.intents.length - intents;
    if (asked > mostIntents.handler)
      throw new RangeError(`it asked for ${asked} things: at most ${mostIntents.handler}`);
    if (asked > 0 && here.intents.length > mostIntents.tick)
      throw new RangeError('too much was asked for in this tick');
    const weight = weighed() - bytes + asked * intentBytes;
    if (weight > lightBytes) runner.kept.weigh(object, handler, weight);
  } catch (thrown) {
    dropDrafts(drafted);
    here.recalled.length = recalled;
    here.intents.length = intents;
    here.later.length = later;
    rollback(log);
    // What was thrown may run code of the script while it is read: nothing can be asked for any more.
    here.turn = 0;
    result = failed;
    fault(object, handler, thrown, caller);
  }
  here.turn = 0;
  here.me = null;
  here.script = null;
  here.handler = null;
  here.caller = null;
  if (!here.asking) {
    here.logged = log;
    if (here.memories.size > 0) here.memories.clear();
  }
  return result;
}

function rollback(mark: number): void {
  const { log } = here;
  while (here.logged > mark) {
    here.logged -= 3;
    const target = log[here.logged];
    const index = log[here.logged + 1] as number;
    if (index < 0) (target as () => void)();
    else {
      const group = target as Group;
      group.values[index] = log[here.logged + 2] as Json;
      group.shown = null;
    }
  }
}

function fault(object: Obj, handler: Handler, thrown: unknown, caller: string | null): void {
  const { script } = handler;
  const failure = runner.failureOf(thrown, script);
  here.reporter.report('throw', script, object, handler.name, failure, caller);
  object.faults ??= new Map();
  const faults: Faults = object.faults.get(script) ?? { recent: [], until: 0, length: 0 };
  object.faults.set(script, faults);
  faults.recent = [...faults.recent.filter((f) => f.time > here.time - suspension.window), { time: here.time, caller }];
  if (!convicts(faults)) return;
  // Doubling ends when it went well for as long as the longest suspension.
  const again = here.time - faults.until < suspension.most ? faults.length * 2 : 0;
  faults.length = Math.min(suspension.most, Math.max(suspension.first, again));
  faults.until = here.time + faults.length;
  faults.recent = [];
  const message = `${script.name} is suspended here for ${faults.length} s after: ${failure.message}`;
  here.reporter.report('suspended', script, object, handler.name, { ...failure, message });
  showMarks(object);
}

/** Players are no off-switch: faults of calls count only from several of them. */
function convicts(faults: Faults): boolean {
  const own = faults.recent.filter((f) => f.caller === null).length;
  const callers = new Set(faults.recent.flatMap((f) => f.caller ?? [])).size;
  return own >= suspension.throws || callers >= suspension.throws;
}
