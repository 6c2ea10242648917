/** What holds an object's scripts back, and the words that show it: a throttle, a rest, a suspension after errors. */
import type { Throttle } from '../../contract/driver.ts';
import { here, type Obj, zoneItself } from './here.ts';
import type { Script } from './script.ts';

/** The words an object has while a script of it rests, and while its `tick` runs less often: clients show them. */
export const markWords = { suspended: 'suspended', slow: 'slow' } as const;

const marks: readonly string[] = Object.freeze(Object.values(markWords));

/** Whether a word is the engine's own. */
export function isMark(word: string): boolean {
  return marks.includes(word);
}

/** New limits from outside; what they concern shows them. */
export function throttle(wanted: readonly Throttle[]): void {
  const { kinds, objects } = here.throttles;
  for (const { kind, object, every } of wanted) {
    if (kind !== null) limit(kinds, kind, every);
    if (object !== null) limit(objects, object, every);
    const those = object !== null ? [here.byId.get(object)] : (here.byKind.get(kind ?? '') ?? []);
    for (const one of those) if (one) slowDown(one);
  }
  if (here.itself && wanted.length > 0) slowDown(here.itself);
}

function limit(limits: Map<string, Throttle['every']>, name: string, every: Throttle['every']): void {
  if (every === 1) limits.delete(name);
  else limits.set(name, every);
}

/** Brings an object under the limits of its kind and its own: the harder of the two. */
export function slowDown(object: Obj): void {
  const { kinds, objects } = here.throttles;
  if (kinds.size === 0 && objects.size === 0 && object.every === 1) return;
  const ofKind = kinds.get(object.kind) ?? 1;
  const own = objects.get(object.id) ?? 1;
  object.limited = own > 1;
  object.every = ofKind === 0 || own === 0 ? 0 : ofKind > own ? ofKind : own;
  showMarks(object);
}

/** Whether a script rests on this object. Wakes it when its time is over. */
export function isSuspended(object: Obj, script: Script): boolean {
  if (script.resting !== null || object.every === 0) return true;
  const faults = object.faults?.get(script);
  if (!faults || faults.until === 0) return false;
  if (here.time < faults.until) return true;
  if (object.words.includes(markWords.suspended)) showMarks(object);
  return false;
}

/** Seconds after which the timer of a script that rests is looked at again. */
const rest = 10;

/** Unix seconds until which the script rests on the object, as far as that is known. */
export function suspendedUntil(object: Obj, script: Script): number {
  const until = object.faults?.get(script)?.until ?? 0;
  return script.resting === null && object.every !== 0 ? until : Math.max(until, here.time + rest);
}

/** Why a script rests on the object, for those who call it. */
export function whySuspended(object: Obj, script: Script): string {
  if (script.resting !== null) return script.resting;
  if (object.every === 0) return 'The object has used more than its time and rests for a while.';
  return 'The script of the object is suspended after errors.';
}

/** Shows the words that hold now, and takes away those that do not; not part of any handler. */
export function showMarks(object: Obj): void {
  if (object.id === zoneItself) return;
  const rests = object.sort.scripts.some((script) => restsOn(object, script));
  const isSlow = object.every > 1;
  if (object.words.includes(markWords.suspended) === rests && object.words.includes(markWords.slow) === isSlow) return;
  const words = object.words.filter((word) => !isMark(word));
  if (rests) words.push(markWords.suspended);
  if (isSlow) words.push(markWords.slow);
  object.words = Object.freeze(words);
  here.intents.push({ verb: 'set', id: object.id, fields: { words: object.words } });
}

function restsOn(object: Obj, script: Script): boolean {
  return script.resting !== null || object.every === 0 || here.time < (object.faults?.get(script)?.until ?? 0);
}
