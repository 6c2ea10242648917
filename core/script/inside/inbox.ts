/** What reaches a zone from outside: each item goes to the object that it is for, and everybody hears who comes and goes. */
import type { InboxItem } from '../../contract/link.ts';
import { hear } from './acting.ts';
import * as calls from './calls.ts';
import { here, isPlayer, type Obj, zoneItself } from './here.ts';
import { inOrder } from './looking.ts';
import { isSuspended } from './marks.ts';
import { changeHolder, forget, remove } from './objects.ts';
import { deepFreeze } from './plain.ts';
import { dispatch, type MakeEvent, run } from './run.ts';
import type { Handler, Script } from './script.ts';
import type { Newcomer, Ticking } from './tick.ts';

export function deliver(item: InboxItem, ticking: Ticking, newcomers: readonly Newcomer[]): void {
  const { event } = ticking;
  const callEvent: calls.MakeCallEvent = (by, more) => event({ by }, more);
  switch (item.type) {
    case 'call':
      deepFreeze(item.params);
      return calls.call(item, callEvent);
    case 'input':
      deepFreeze(item.input);
      return calls.input(item, callEvent);
    case 'message':
      return message(item.message, ticking);
    case 'join':
      return join(item, ticking, newcomers);
    case 'arrive': {
      const who = item.owner === null ? undefined : here.byOwner.get(item.owner);
      if (item.owner !== null) here.connected.add(item.owner);
      return who ? everyone('enter', event({ who })) : undefined;
    }
    case 'connected':
      return connection(item.owner, item.connected, ticking);
    case 'leave':
      return leave(item, ticking);
    case 'take': {
      const object = here.byId.get(item.object);
      if (!object) return;
      if (isPlayer(object)) everyone('leave', event({ who: object }));
      return takeOut(object);
    }
    case 'refused':
      return tellRefused(item.object, 'goto', item.code, ticking);
    case 'say': {
      const from = here.byId.get(item.character);
      if (from) hear(from, item.text, true);
      return;
    }
    case 'move':
    case 'inspect':
      return;
  }
}

type Item<Type extends InboxItem['type']> = Extract<InboxItem, { type: Type }>;

function message({ to, from, name, data: given }: Item<'message'>['message'], { event }: Ticking): void {
  const data = deepFreeze(given);
  const object = here.byId.get(to);
  const sender = here.byId.get(from);
  const make = sender ? event({ from: sender }, { data }) : event({}, { from: null, data });
  if (object) each(object, (script) => script.messages.get(name), make);
}

function join({ owner, character }: Item<'join'>, ticking: Ticking, newcomers: readonly Newcomer[]): void {
  const who = character === null ? undefined : here.byId.get(character);
  if (!who) return;
  if (who.owner !== owner) {
    if (who.owner !== null) here.byOwner.delete(who.owner);
    who.owner = owner;
    here.byOwner.set(owner, who);
  }
  const isNew = newcomers.some((newcomer) => newcomer.object === who);
  if (isNew) here.connected.add(owner);
  else connection(owner, true, ticking);
  if (isNew) everyone('enter', ticking.event({ who }));
}

function leave({ owner, character }: Item<'leave'>, { event }: Ticking): void {
  const who = here.byId.get(character);
  here.connected.delete(owner);
  if (!who) return;
  everyone('leave', event({ who }));
  dispatch(who, 'destroy', event({}));
  for (const held of who.held) changeHolder(held, null, who.x, who.y);
  here.logged = 0;
  remove(who);
  forget(who);
}

/** It goes on elsewhere, with what it holds. */
function takeOut(object: Obj): void {
  for (const held of object.held) takeOut(held);
  remove(object);
  here.gone.set(object.id, object);
}

function connection(owner: string, connected: boolean, { event }: Ticking): void {
  if (here.connected.has(owner) === connected) return;
  if (connected) here.connected.add(owner);
  else here.connected.delete(owner);
  const who = here.byOwner.get(owner);
  const make = who ? event({ who }, { connected }) : event({}, { who: null, connected });
  for (const object of inOrder((each) => each.owner === owner && each.sort.on.has('owner')))
    dispatch(object, 'owner', make);
}

/** An event for the zone's script and every object that listens, in id order. */
function everyone(name: string, make: MakeEvent): void {
  if (here.itself) dispatch(here.itself, name, make);
  for (const object of inOrder((each) => each.sort.on.has(name))) dispatch(object, name, make);
}

/** Runs a table's handlers of all scripts of an object. */
function each(object: Obj, find: (script: Script) => Handler | undefined, make: MakeEvent): void {
  for (const script of object.sort.scripts) {
    const handler = find(script);
    if (!handler || !object.alive || isSuspended(object, script)) continue;
    run(object, handler, make(here.turns + 1));
  }
}

export function tellRefused(id: string, verb: string, reason: string, { event }: Ticking): void {
  const object = id === zoneItself ? here.itself : here.byId.get(id);
  if (object) dispatch(object, 'refused', event({}, { verb, reason }));
}
