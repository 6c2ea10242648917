/** What a tick did, for the outside. */
import type { StateChange, TickOut } from '../../contract/driver.ts';
import { finished } from './acting.ts';
import { type Group, takeChanges } from './group.ts';
import { here, type Obj } from './here.ts';
import { storeKeep } from './keep.ts';
import type { Ticking } from './tick.ts';

/** Everything this tick did, for the outside; the next begins empty. */
export function collect(ticking: Ticking): TickOut {
  const costs = ticking.kept.take();
  ticking.kept.tell();
  const { changes, world } = takeState(ticking.migrated);
  for (const intent of here.intents) {
    const object = intent.verb === 'spawn' ? here.byId.get(intent.id) : undefined;
    if (object?.spawned) finished(object);
  }
  const out: TickOut = {
    intents: here.intents,
    changes,
    world,
    timers: here.timers.takeChanges(),
    outcomes: here.outcomes,
    acks: [...here.acks].map(([owner, seq]) => ({ owner, seq })),
    reports: here.reporter.take(),
    costs,
    restless: here.tickers > 0 || (here.stirred && here.lookers > 0),
    looks: here.lookers > 0,
    nextDue: here.timers.next(),
  };
  here.intents = [];
  here.outcomes = [];
  here.acks.clear();
  here.logged = 0;
  return out;
}

/** What changed in objects and in the zone's own state. What was spawned in this tick is told whole, by its intent. */
function takeState(migrated: Set<Obj>): Pick<TickOut, 'changes' | 'world'> {
  const changes = new Map<string, { -readonly [K in keyof StateChange]: StateChange[K] }>();
  const changeOf = (object: Obj) => {
    const change = changes.get(object.id) ?? { id: object.id };
    changes.set(object.id, change);
    return change;
  };
  for (const object of migrated) {
    if (!object.alive || object === here.itself) continue;
    changeOf(object).whole = wholeOf(object);
    here.dirtyKeeps.push(object);
  }
  migrated.clear();
  let state: TickOut['world']['state'] = null;
  const { dirty } = here;
  here.dirty = [];
  for (const group of dirty) {
    const fields = takeChanges(group);
    if (fields === null) continue;
    const { of } = group;
    if (of === null) state = fields;
    else if (group === of.state || group === of.own) {
      if (of.alive && !of.spawned) changeOf(of)[group === of.state ? 'state' : 'own'] = fields;
    } else here.dirtyKeeps.push(of);
  }
  let keep: TickOut['world']['keep'] = null;
  for (const object of new Set(here.dirtyKeeps)) {
    object.keep.listed = false;
    if (object === here.itself) keep = storeKeep(object.keep);
    else if (object.alive && !object.spawned) changeOf(object).keep = storeKeep(object.keep);
  }
  here.dirtyKeeps = [];
  return { changes: [...changes.values()], world: { state, keep } };
}

function wholeOf(object: Obj): NonNullable<StateChange['whole']> {
  return { state: all(object.state), own: all(object.own) };
}

function all(group: Group): NonNullable<StateChange['whole']>['state'] {
  takeChanges(group);
  return Object.fromEntries(group.layout.names.map((name, i) => [name, group.values[i] ?? null]));
}
