/** Making objects, ending them, and sending them elsewhere. */
import type { Look } from '../../contract/content.ts';
import type { MoveTarget } from '../../contract/link.ts';
import { fastest, finite, kindOf, textOf } from './checks.ts';
import { shown } from './group.ts';
import { here, intend, isPlayer, needRoom, type Obj, put, undoable } from './here.ts';
import { raise, storeKeep } from './keep.ts';
import { showMarks, slowDown } from './marks.ts';
import { add, createObject, forget, remove } from './objects.ts';
import { dataLimits, plain } from './plain.ts';
import { dispatch } from './run.ts';

export type Birth = {
  readonly x: number;
  readonly y: number;
  readonly holder?: Obj | null;
  readonly name?: string;
  readonly look?: Look | null;
  readonly angle?: number;
  readonly speed?: number;
  readonly owner?: Obj | null;
  readonly ignore?: readonly Obj[];
  readonly state?: { readonly [field: string]: unknown };
};

/** Takes from the rate of spawns. @throws when it is used up. */
export function spawn(kind: unknown, birth: Birth): Obj {
  const name = kindOf(kind);
  const why = here.rates.take(here.me, 'spawn', 1, here.time);
  if (why !== null) throw new RangeError(`it spawned too much: ${why}`);
  return born(name, birth);
}

export function born(kind: string, birth: Birth): Obj {
  if (here.asking) throw new Error('a `before` handler only decides: it changes nothing');
  const sort = here.sortOf(kind);
  const state = plain(birth.state ?? {}, 'state', dataLimits.state) as { [field: string]: never };
  for (const field of Object.keys(state)) {
    if (sort.scripts.length > 0 && !sort.state.names.includes(field))
      throw new TypeError(`${kind} declares no state.${field}`);
  }
  const speed = finite(birth.speed ?? 0, 'speed', 0, fastest);
  const angle = finite(birth.angle ?? 0, 'angle');
  const x = Math.min(here.width, Math.max(0, finite(birth.x, 'x')));
  const y = Math.min(here.height, Math.max(0, finite(birth.y, 'y')));
  const owner = birth.owner ?? null;
  if (owner !== null && kind === here.character) throw new TypeError(`nobody owns a second ${kind}: a player has one`);
  const look = birth.look ?? null;
  const name = birth.name ?? '';
  const motion = { angle, vx: Math.cos(angle) * speed, vy: Math.sin(angle) * speed };
  needRoom();
  const id = here.ids.next();
  if (id === null) throw new Error('the zone has no free ids just now: try again in a moment');
  const rest = { slot: -1, scale: 1, speed: 0, words: [], physical: true, shape: null, own: {}, keep: {} };
  const object = createObject(
    { ...rest, ...motion, id, kind, name, look, x, y, owner: owner?.owner ?? null, state },
    sort,
  );
  const intent = {
    verb: 'spawn',
    by: here.me?.id ? here.me.id : null,
    id,
    kind,
    name,
    look,
    x,
    y,
    ...motion,
    owner: owner?.id ?? null,
    holder: birth.holder?.id ?? null,
    ignore: (birth.ignore ?? []).map((other) => other.id),
    state: {},
    own: {},
    keep: {},
  } as const;
  object.spawned = { intent };
  intend(intent);
  undoable(() => vanish(object));
  add(object, birth.holder ?? null);
  slowDown(object);
  if (sort.scripts.some((script) => script.resting !== null)) showMarks(object);
  const { caller } = here;
  here.later.push(() => {
    if (!object.alive) return;
    // A script that rests has its `create` when it is lifted.
    for (const script of sort.scripts) if (script.resting === null) raise(object.keep, script);
    dispatch(object, 'create', here.event({}), caller);
  });
  return object;
}

/** It never was: its id is free again. */
function vanish(object: Obj): void {
  if (!object.alive) return;
  remove(object);
  here.ids.back(object.id);
}

/** Takes back what was made a moment ago. */
export function unborn(object: Obj): void {
  const at = here.intents.indexOf(object.spawned?.intent as never);
  if (at >= 0) here.intents.splice(at, 1);
  here.later.pop();
  vanish(object);
}

/** What a spawn is told outside at the end of its tick: as it is then. */
export function finished(object: Obj): void {
  const intent = object.spawned?.intent as { state: object; own: object; keep: object } | undefined;
  if (!intent) return;
  intent.state = shown(object.state);
  intent.own = shown(object.own);
  intent.keep = storeKeep(object.keep);
  object.spawned = null;
}

/** Ends an object after the handler; its `destroy` runs first. What a player carried stays, anything else goes too. */
export function destroy(object: Obj): void {
  if (object.dying) return;
  if (isPlayer(object)) throw new Error('a script cannot end a player');
  if (here.asking) throw new Error('a `before` handler only decides: it changes nothing');
  needRoom();
  put(object, 'dying', true);
  here.later.push(() => end(object));
}

function end(object: Obj): void {
  if (!object.alive) return;
  for (const held of object.held) {
    held.dying = true;
    end(held);
  }
  dispatch(object, 'destroy', here.event({}));
  if (!object.alive) return;
  here.intents.push({ verb: 'destroy', id: object.id });
  finished(object);
  remove(object);
  forget(object);
}

export function goto(who: Obj, zone: unknown, at: MoveTarget): void {
  const id = here.me?.id ? here.me.id : who.id;
  intend({ verb: 'goto', id, who: who.id, zone: textOf(zone, 'a zone', 200), at });
}
