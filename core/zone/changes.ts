/** What a tick of the isolate changed in states and timers, taken over after a check. */
import { type StateChange, type TickOut, zoneItself } from '../contract/driver.ts';
import { areFinite, cleanText, isObject, sizeOf, valueLimits, whyNotData, whyNotGroup } from './check.ts';
import type { Frames } from './frame.ts';
import type { Refusal } from './intents.ts';
import type { Objects, Thing } from './objects.ts';
import type { Saver } from './saver.ts';
import { type TimerChange, type Timers, weightOf } from './timers.ts';

export type ChangesScene = {
  readonly objects: Objects;
  readonly timers: Timers;
  readonly saver: Saver;
  readonly frames: Frames;
};

const mostTimers = 64;
const full = `the states and timers of the zone take ${valueLimits.zone} bytes already`;

/** The outcome of a tick when all its parts are there, each list holding objects only; null when it is something else. */
export function toWellFormed(out: unknown): TickOut | null {
  if (!isObject(out) || !isObject(out.world)) return null;
  const lists = ['intents', 'changes', 'timers', 'outcomes', 'acks', 'reports'];
  for (const name of lists) {
    const list = out[name];
    if (!Array.isArray(list) || !list.every(isObject)) return null;
  }
  return out as unknown as TickOut;
}

/** Applies state changes, timers and the zone's state. Gives what was refused. */
export function applyChanges(out: TickOut, scene: ChangesScene): readonly Refusal[] {
  const refused: Refusal[] = [];
  for (const change of out.changes) {
    const thing = scene.objects.find(change.id);
    const reason = thing && whyNotChange(scene, thing, change);
    if (reason) refused.push({ id: change.id, verb: 'state', reason });
    else if (thing) applyChange(scene.objects, thing, change);
  }
  for (const timer of out.timers) {
    const reason = whyNotTimer(timer, scene);
    if (reason) refused.push({ id: String(timer.object), verb: 'timer', reason });
    else if (reason === null) scene.timers.apply(toTimer(timer));
  }
  const { state, keep } = out.world;
  const reason =
    whyNotGroup(state ?? {}, valueLimits.state) ??
    whyNotData({ ...scene.saver.state, ...state }, valueLimits.state) ??
    whyNotGroup(keep ?? {}, valueLimits.keep, valueLimits.keepDepth);
  if (reason) refused.push({ id: '', verb: 'world.state', reason });
  else if (state || keep) {
    scene.saver.world(state, keep);
    if (state) scene.frames.world(state);
  }
  return refused;
}

function whyNotChange(
  { objects, timers }: ChangesScene,
  thing: Thing,
  { state, own, keep, whole }: StateChange,
): string | null {
  const nextState = whole?.state ?? (state ? { ...thing.state, ...state } : null);
  const nextOwn = whole?.own ?? (own ? { ...thing.own, ...own } : null);
  for (const group of [nextState, nextOwn, keep ?? null]) {
    if (group !== null && !isObject(group)) return 'it is not an object';
  }
  // Shrinking is always allowed.
  if (objects.bytes + timers.bytes > valueLimits.zone && sizeOf([nextState, nextOwn, keep ?? null]) > thing.bytes)
    return full;
  return (
    whyNotData(nextState, valueLimits.state) ??
    whyNotData(nextOwn, valueLimits.state) ??
    whyNotData(keep ?? null, valueLimits.keep, valueLimits.keepDepth)
  );
}

function applyChange(objects: Objects, thing: Thing, { state, own, keep, whole }: StateChange): void {
  if (whole) objects.replaceState(thing, whole.state, whole.own);
  if (state) objects.state(thing, 'state', state);
  if (own) objects.state(thing, 'own', own);
  if (keep) objects.keep(thing, keep);
}

/** Why a timer is refused; null when it is fine, undefined when its object is gone and nobody needs to know. */
function whyNotTimer(timer: TimerChange, { objects, timers }: ChangesScene): string | null | undefined {
  const { object, script, name, due, every, data } = timer;
  if (!objects.find(object) && object !== zoneItself) return undefined;
  if (!isName(script) || !isName(name)) return 'a timer has a short name';
  if (due === null) return null;
  if (!areFinite(due) || !(every === null || (areFinite(every) && every > 0))) return 'a time is not finite';
  const old = timers.of(object).find((other) => other.script === script && other.name === name);
  if (!old && timers.count(object) >= mostTimers) return `an object has at most ${mostTimers} timers`;
  const wrong = whyNotData(data ?? null, valueLimits.data);
  if (wrong) return wrong;
  const isLarger = weightOf({ script, name, data: data ?? null }) > weightOf(old);
  return isLarger && objects.bytes + timers.bytes > valueLimits.zone ? full : null;
}

/** Its fields and nothing else: it goes to the database as it is. */
function toTimer({ object, script, name, due, every, data }: TimerChange): TimerChange {
  const timer = { object, script, name };
  return due === null ? { ...timer, due, every: null, data: null } : { ...timer, due, every, data: data ?? null };
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value === cleanText(value, valueLimits.name);
}
