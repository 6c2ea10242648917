/** A hash over a zone that is the same for the same world, whatever way it came about. */
import { createHash } from 'node:crypto';
import type { JsonObject } from '../contract/content.ts';
import type { TimerRow } from '../contract/link.ts';
import { type Objects, toRow } from './objects.ts';

/** Objects in id order with full-precision places, timers, and the zone's own state. */
export function hashOf(objects: Objects, timers: readonly TimerRow[], state: JsonObject): string {
  const hash = createHash('sha256');
  for (const thing of objects.all()) hash.update(stable(toRow(thing)));
  for (const timer of timers.map(stable).sort()) hash.update(timer);
  hash.update(stable(state));
  return hash.digest('hex');
}

/** JSON with the keys of every object in order. */
function stable(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(stable).join()}]`;
  const parts = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${stable(inner)}`);
  return `{${parts.join()}}`;
}
