/** Who has come near objects that want to know, and who has gone far. */
import { hasKind, here, type Obj } from './here.ts';
import { around, inOrder } from './looking.ts';
import { isSuspended } from './marks.ts';
import { type MakeEvent, run } from './run.ts';
import type { Script } from './script.ts';
import type { Ticking } from './tick.ts';

/** How much farther than it came near something must go to be far: it does not flicker at the edge. */
const leave = { factor: 1.1, metres: 0.25 } as const;

export function lookNear({ event, kept }: Ticking): void {
  here.stirred = false;
  if (here.lookers === 0) return;
  for (const object of inOrder((one) => one.sort.looks)) {
    for (const script of object.sort.scripts) {
      const { near } = script;
      if (!near || script.resting !== null || !object.alive) continue;
      // Looking is the work of who wants to know.
      const handler = script.on.get('near') ?? script.on.get('far');
      if (handler) kept.resume(object, handler);
      object.near ??= new Map();
      const known = object.near.get(script) ?? new Set<Obj>();
      object.near.set(script, known);
      const wanted = (other: Obj) => near.kinds.some((kind) => hasKind(other, kind));
      const within = object.holder ? [] : around(object, near.radius * leave.factor + leave.metres, wanted);
      const isNear = (other: Obj) => Math.hypot(other.x - object.x, other.y - object.y) <= near.radius;
      const gone = [...known].filter((other) => !within.includes(other));
      const came = within.filter((other) => !known.has(other) && isNear(other));
      for (const other of gone) known.delete(other);
      for (const other of came) known.add(other);
      for (const other of came) tellOne(object, script, 'near', event({ other }));
      for (const other of gone) tellOne(object, script, 'far', event({ other }));
    }
  }
}

function tellOne(object: Obj, script: Script, name: string, make: MakeEvent): void {
  const handler = script.on.get(name);
  if (handler && object.alive && !isSuspended(object, script)) run(object, handler, make(here.turns + 1));
}
