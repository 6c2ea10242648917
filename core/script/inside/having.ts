/** Verbs of what holds what: one row changes its holder, or nothing happens. */
import { allow, kindOf } from './checks.ts';
import { here, intend, isPlayer, needRoom, type Obj, put, standing } from './here.ts';
import { born, destroy, unborn } from './life.ts';
import { wayBlocked } from './looking.ts';
import { changeHolder } from './objects.ts';
import { askBefore } from './run.ts';

/** Why it may not go into the holder, or null. */
function whyNotInto(object: Obj, holder: Obj): string | null {
  if (isPlayer(object)) return 'nothing holds a player';
  for (let at: Obj | null = holder; at; at = at.holder) if (at === object) return 'it would hold itself';
  const why = askBefore(object, 'take', here.event({ holder }));
  return why ?? whyNotMore(holder, 1) ?? askBefore(holder, 'enter', here.event({ what: object }));
}

function whyNotMore(holder: Obj, n: number): string | null {
  return holder.held.filter((held) => !held.dying).length + n > holder.sort.contains
    ? `it holds ${holder.sort.contains} already`
    : null;
}

export function into(object: Obj, holder: Obj): boolean {
  if (object.holder === holder) return true;
  if (object.dying || holder.dying || whyNotInto(object, holder) !== null) return false;
  const { x, y } = standing(holder);
  needRoom();
  intend({ verb: 'hold', id: object.id, holder: holder.id, x, y });
  changeHolder(object, holder, x, y);
  put(object, 'walk', null);
  return true;
}

export function putDown(object: Obj): void {
  const at = standing(object);
  const angle = here.random() * 2 * Math.PI;
  const away = at.radius + object.radius + 0.05;
  const spot = { x: at.x + Math.cos(angle) * away, y: at.y + Math.sin(angle) * away };
  const free = wayBlocked(at, spot) ? { x: at.x, y: at.y } : spot;
  needRoom();
  intend({ verb: 'hold', id: object.id, holder: null, x: free.x, y: free.y });
  changeHolder(object, null, free.x, free.y);
  // A new body begins as its script declares it.
  const { body } = object.keep;
  if (body) intend({ verb: 'set', id: object.id, fields: { solid: object.solid, type: object.type } });
}

export function holdings(holder: Obj, kind: string): readonly Obj[] {
  return holder.held.filter((object) => object.kind === kind && !object.dying);
}

export function give(holder: Obj, kind: unknown, n: number): boolean {
  const name = kindOf(kind);
  if (whyNotMore(holder, n) !== null || !allow('spawn', n)) return false;
  const made: Obj[] = [];
  const { x, y } = standing(holder);
  for (let i = 0; i < n; i++) {
    const object = born(name, { x, y, holder });
    made.push(object);
    if (askBefore(holder, 'enter', here.event({ what: object })) === null) continue;
    for (const back of made.reverse()) unborn(back);
    return false;
  }
  return true;
}

export function take(holder: Obj, kind: string, n: number): boolean {
  const found = holdings(holder, kind);
  if (found.length < n) return false;
  for (const object of found.slice(0, n)) destroy(object);
  return true;
}
