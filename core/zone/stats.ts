/** What eats a zone: its kinds and objects by what they cost, for whoever asks. */
import type { KindCost, ObjectCost, ZoneStats } from '../contract/link.ts';
import { windowMs } from './costs.ts';
import type { Guard } from './guard.ts';
import type { Zone } from './zone.ts';

const mostKinds = 20;
const mostObjects = 10;

export function toStats(
  zone: Zone,
  guard: Guard,
  nowMs: number,
): Omit<ZoneStats, 'tickMs' | 'worstMs' | 'droppedTicks' | 'asleep'> {
  const { ms } = zone.costs.window(nowMs);
  return {
    zone: zone.id,
    tick: zone.now.tick,
    objects: zone.objects.size,
    players: zone.players(),
    heap: zone.heap(),
    cpuMs: ms,
    costs: kindCosts(zone, guard, nowMs),
    objectCosts: objectCosts(zone, guard, nowMs),
  };
}

/** The dearest by name and the rest of them as `@others`: they add up to what the zone spent. */
function kindCosts(zone: Zone, guard: Guard, nowMs: number): readonly KindCost[] {
  const things = new Map<string, { objects: number; stateBytes: number }>();
  for (const { kind, bytes } of zone.objects.all()) {
    const known = things.get(kind) ?? { objects: 0, stateBytes: 0 };
    things.set(kind, { objects: known.objects + 1, stateBytes: known.stateBytes + bytes });
  }
  const { kinds } = zone.costs.window(nowMs);
  const none = { ms: 0, calls: 0, messages: 0, spawns: 0, says: 0 };
  const all = [...new Set([...kinds.keys(), ...things.keys()])].map((kind): KindCost => {
    const { ms, ...counts } = kinds.get(kind) ?? none;
    const build = zone.kinds.get(kind)?.build ?? '';
    const there = things.get(kind) ?? { objects: 0, stateBytes: 0 };
    return { kind, build, cpuMs: ms, ...counts, ...there, every: guard.everyOf(kind) };
  });
  const sorted = all.sort((a, b) => b.cpuMs - a.cpuMs || b.stateBytes - a.stateBytes);
  const rest = sorted.slice(mostKinds - 1);
  return rest.length < 2 ? sorted : [...sorted.slice(0, mostKinds - 1), rest.reduce(together)];
}

function together(a: KindCost, b: KindCost): KindCost {
  return {
    ...{ kind: '@others', build: '', every: 1 },
    cpuMs: a.cpuMs + b.cpuMs,
    calls: a.calls + b.calls,
    objects: a.objects + b.objects,
    stateBytes: a.stateBytes + b.stateBytes,
    messages: a.messages + b.messages,
    spawns: a.spawns + b.spawns,
    says: a.says + b.says,
  };
}

function objectCosts(zone: Zone, guard: Guard, nowMs: number): readonly ObjectCost[] {
  const found: ObjectCost[] = [];
  for (const [id, { ms, spanMs }] of zone.costs.objects(nowMs)) {
    const thing = zone.objects.find(id);
    if (!thing || ms === 0) continue;
    const { kind, name, bytes } = thing;
    const cpuMs = ms * Math.min(1, windowMs / Math.max(1, spanMs));
    found.push({ id, kind, name, cpuMs, stateBytes: bytes, every: guard.everyOfObject(id) });
  }
  return found.sort((a, b) => b.cpuMs - a.cpuMs).slice(0, mostObjects);
}
