/** What the scripts of a zone hear of, as their isolate said when it was loaded: what none hears is not told to it. */
import { type LoadOut, walkingSpeed } from '../contract/driver.ts';
import { isObject } from './check.ts';
import type { Thing } from './objects.ts';

export interface Hearing {
  /** Whether a script of the object has a handler for the event. */
  hears(thing: Thing, event: 'input' | 'touch' | 'part'): boolean;
  /** Metres per second it walks at. */
  paceOf(thing: Thing): number;
}

/** @param claims  Of the isolate. @param character  The kind that players control. */
export function createHearing(claims: LoadOut['scripts'], character: string): Hearing {
  const scripts = new Map<unknown, { readonly hears: ReadonlySet<unknown>; readonly speed: number | null }>();
  for (const { script, hears, speed } of Array.isArray(claims) ? claims.filter(isObject) : [])
    if (Array.isArray(hears))
      scripts.set(script, { hears: new Set(hears), speed: typeof speed === 'number' ? speed : null });

  function speedOf({ kind, scripts: further }: Thing): number | null {
    return [kind, ...further].map((name) => scripts.get(name)?.speed ?? null).find((speed) => speed !== null) ?? null;
  }

  return {
    hears({ kind, scripts: further }, event) {
      if (scripts.get(kind)?.hears.has(event)) return true;
      return further.length > 0 && further.some((name) => scripts.get(name)?.hears.has(event));
    },
    paceOf(thing) {
      if (thing.speed > 0) return thing.speed;
      return speedOf(thing) ?? (thing.kind === character ? walkingSpeed.character : walkingSpeed.other);
    },
  };
}
