/**
 * Who comes and goes: joins, leaves, moves from and to other zones, connections. Runs in two halves round the call into
 * the isolate: before it newcomers are put into the world, after it leavers are taken out.
 */
import { zoneItself, zoneOwner } from '../contract/driver.ts';
import type { InboxItem, JoinResult, KindInfo, Line, ObjectId, ObjectRow, TimerRow } from '../contract/link.ts';
import type { Barred } from './barred.ts';
import type { Calls } from './calls.ts';
import { cleanText } from './check.ts';
import { newRow } from './new-row.ts';
import type { News } from './news.ts';
import { type Objects, type Thing, toRow } from './objects.ts';
import { findPlace } from './places.ts';
import type { Space } from './space.ts';
import { radiusOf } from './walks.ts';

export type Taken = {
  readonly move: number;
  readonly objects: readonly ObjectRow[];
  readonly timers: readonly TimerRow[];
};

export interface Passage {
  /** Owners whose connection is up. */
  readonly connected: Set<string>;
  /** Does an item's part outside the isolate. Gives it as the isolate is to have it, or null when it is done with. */
  before(item: InboxItem, time: number): InboxItem | null;
  /** After the tick: who leaves is gone, who is moved is taken out whole. */
  after(item: InboxItem): void;
  /** Removes an object that a map has no more. */
  remove(thing: Thing): void;
  takeTaken(): readonly Taken[];
  waiting(): boolean;
}

export type PassageOptions = {
  readonly space: Space;
  readonly kinds: () => ReadonlyMap<string, KindInfo>;
  readonly calls: Calls;
  readonly news: News;
  readonly barred: Barred;
  readonly line: (line: Line) => void;
};

const tooDear = 'A call of yours stopped this script a moment ago: it does not run for you for a while.';
const noCharacter = 'The session controls no character here.';

export function createPassage(options: PassageOptions): Passage {
  const { space, calls, news, barred } = options;
  const connected = new Set<string>();
  let taken: Taken[] = [];

  const find = (id: ObjectId) => space.scene.objects.find(id);

  /** The character when the owner controls it. */
  function controlled(id: ObjectId, owner: string): Thing | null {
    const thing = find(id);
    return thing && thing.owner === owner ? thing : null;
  }

  function join(item: Extract<InboxItem, { type: 'join' }>): InboxItem | null {
    const { objects } = space.scene;
    const known = item.character === null ? undefined : find(item.character);
    if (item.character !== null && !known) {
      // It may be on its way to another zone: a second one must not take its place.
      calls.answer({ call: item.call, ok: false, code: 'object.no-character', message: noCharacter });
      return null;
    }
    const thing = known ?? make(item.owner, item.name);
    if (!thing) {
      calls.answer({
        call: item.call,
        ok: false,
        code: 'zone.full',
        message: 'The zone holds as many objects as it may.',
      });
      return null;
    }
    connected.add(item.owner);
    if (known) {
      objects.set(known, { owner: item.owner });
      objects.markOwn(item.owner);
    }
    const result: JoinResult = { character: thing.id, made: !known };
    calls.answer({ call: item.call, ok: true, result, durable: false });
    return { ...item, character: thing.id };
  }

  function make(owner: string, name: string): Thing | null {
    const { objects, bodies, ids, character, mostObjects } = space.scene;
    const id = objects.size < mostObjects ? ids.next() : null;
    if (id === null) return null;
    const row = newRow(id, character, { owner, name: cleanText(name, 32) });
    const thing = objects.add(row, { fresh: true, saved: false });
    stand(thing, null);
    bodies.attach(thing);
    news.loaded(thing, 'arrive');
    return thing;
  }

  /** Puts a newcomer where there is room near the target. */
  function stand(thing: Thing, target: Extract<InboxItem, { type: 'arrive' }>['at']): void {
    const { objects, bodies } = space.scene;
    const { spec, areas } = space.content;
    const places = { ...spec, areas, objects, blocked: bodies.circleBlocked };
    const { x, y } = findPlace(thing, target, radiusOf(bodies, thing), places);
    objects.place(thing, { x, y, angle: thing.angle, vx: 0, vy: 0 }, true);
  }

  function arrive(item: Extract<InboxItem, { type: 'arrive' }>): InboxItem {
    const { objects, bodies, timers } = space.scene;
    const newcomers = item.objects.filter((row) => !find(row.id));
    const ids = new Set(newcomers.map((row) => row.id));
    const things = newcomers.map((row) => {
      const holder = row.holder !== null && (ids.has(row.holder) || find(row.holder)) ? row.holder : null;
      return objects.add({ ...row, holder }, { fresh: false, saved: false });
    });
    for (const thing of things) {
      if (thing.holder === null) stand(thing, item.at);
      if (thing.owner !== null && thing.kind === space.scene.character) connected.add(thing.owner);
      bodies.attach(thing);
      news.loaded(thing, 'arrive');
    }
    // A zone that starts may have found it among its rows already.
    if (item.owner !== null) connected.add(item.owner);
    const rows = item.timers.filter((timer) => ids.has(timer.object));
    for (const timer of rows) timers.apply(timer);
    news.timers(rows);
    return { ...item, objects: [], timers: [] };
  }

  function connection(item: Extract<InboxItem, { type: 'connected' }>): InboxItem {
    if (item.connected) {
      connected.add(item.owner);
      return item;
    }
    connected.delete(item.owner);
    const thing = controlled(item.character, item.owner);
    if (thing && thing.holder === null) {
      const { walks, bodies } = space.scene;
      walks.stop(thing.id);
      bodies.velocity(thing, 0, 0);
      news.moved(thing);
    }
    return item;
  }

  function call(item: Extract<InboxItem, { type: 'call' }>, time: number): InboxItem | null {
    const refuse = (code: string, message: string) => {
      calls.answer({ call: item.call, ok: false, code, message });
      return null;
    };
    const byServer = item.character === zoneItself && item.owner === zoneOwner;
    if (!byServer && !controlled(item.character, item.owner)) return refuse('object.no-character', noCharacter);
    const thing = find(item.object);
    if (item.object !== zoneItself && !thing) return refuse('object.not-found', 'No such object in your view.');
    if (barred.refuses(item, time)) return refuse('object.suspended', tooDear);
    calls.wait(item.call, item.durable);
    return item;
  }

  function say(item: Extract<InboxItem, { type: 'say' }>, time: number): InboxItem | null {
    const thing = controlled(item.character, item.owner);
    if (!thing) {
      calls.answer({ call: item.call, ok: false, code: 'object.no-character', message: noCharacter });
      return null;
    }
    const line = space.intents.say(thing, item.text, time);
    if (line) options.line(line);
    calls.answer({ call: item.call, ok: true, result: null, durable: false });
    return line && { ...item, text: line.text };
  }

  function move(item: Extract<InboxItem, { type: 'move' }>): InboxItem | null {
    if (controlled(item.character, item.owner)) return item;
    calls.answer({ call: item.call, ok: false, code: 'object.no-character', message: noCharacter });
    return null;
  }

  function inspect(item: Extract<InboxItem, { type: 'inspect' }>): null {
    const thing = find(item.object);
    if (!thing) {
      calls.answer({ call: item.call, ok: false, code: 'object.not-found', message: 'No such object in your view.' });
      return null;
    }
    const kind = options.kinds().get(thing.kind) ?? null;
    const result = { row: toRow(thing), timers: space.scene.timers.of(thing.id), kind };
    // Rows, timers and kinds are plain data by their types; only their interfaces lack an index signature.
    calls.answer({ call: item.call, ok: true, result: JSON.parse(JSON.stringify(result)), durable: false });
    return null;
  }

  function leave(thing: Thing): void {
    const { dropped, gone } = space.intents.destroy(thing);
    for (const each of dropped) news.loaded(each, 'arrive');
    for (const id of gone) news.gone(id);
  }

  function take(item: Extract<InboxItem, { type: 'take' }>): void {
    const { objects, walks, bodies, timers } = space.scene;
    const thing = find(item.object);
    const all = thing ? objects.whole(thing) : [];
    const rows = all.map(toRow);
    taken.push({ move: item.move, objects: rows, timers: all.flatMap((each) => timers.of(each.id)) });
    for (const each of [...all].reverse()) {
      walks.stop(each.id);
      bodies.detach(each);
      timers.forget(each.id);
      objects.remove(each, true);
    }
  }

  return {
    connected,
    before(item, time) {
      switch (item.type) {
        case 'join':
          return join(item);
        case 'arrive':
          return arrive(item);
        case 'connected':
          return connection(item);
        case 'call':
          return call(item, time);
        case 'say':
          return say(item, time);
        case 'move':
          return move(item);
        case 'inspect':
          return inspect(item);
        case 'input':
          return controlled(item.character, item.owner) && !barred.refuses(item, time) ? item : null;
        case 'leave':
          connected.delete(item.owner);
          return controlled(item.character, item.owner) ? item : null;
        case 'take':
        case 'refused':
        case 'message':
          return item;
      }
    },
    after(item) {
      if (item.type === 'take') take(item);
      if (item.type !== 'leave') return;
      const thing = controlled(item.character, item.owner);
      if (thing) leave(thing);
    },
    remove(thing) {
      news.gone(thing.id);
      leave(thing);
    },
    takeTaken() {
      const all = taken;
      taken = [];
      return all;
    },
    waiting: () => taken.length > 0,
  };
}

/** Guests whose session ended with the last life of the zone: they leave with its first tick. */
export function findGuests(objects: Objects, character: string): InboxItem[] {
  return objects.all().flatMap(({ id, kind, owner }) => {
    if (kind !== character || !owner?.startsWith('guest:')) return [];
    return { type: 'leave', owner, character: id } as const;
  });
}
