/** What each session is sent of a zone, without sockets: packets are read as a client reads them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PublicObject } from '../../core/contract/link.ts';
import type { Delta, Snapshot, WireEvent } from '../../core/contract/protocol.ts';
import { Fanout } from '../../core/gateway/fanout.ts';
import type { Form } from '../../core/gateway/view/fragments.ts';
import type { Spot, Watcher } from '../../core/gateway/view/viewer.ts';
import { createFollower } from '../../core/sync/mirror.ts';
import { ScriptedZone, spec } from './scripted-zones.ts';

const units = { metre: 100, turn: 256 };

function openStage(view: Partial<typeof spec.view> = {}, sumEveryS = 0) {
  let nowMs = 0;
  const sight = { ...spec, view: { ...spec.view, ...view }, units };
  const fanout = new Fanout({
    sight: (zone) => (zone === 'devtest/meadow' ? sight : undefined),
    slowBytes: 1_000,
    sumEveryS,
    clock: { now: () => nowMs / 1000, monotonicMs: () => nowMs },
  });
  const zone = new ScriptedZone('devtest/meadow', (frame) => fanout.publish(frame));
  return {
    fanout,
    zone,
    pass(ms: number) {
      nowMs += ms;
    },
    /** A session that follows with a mirror. */
    follow(from: PublicObject | Spot, owner: string, form: Form = 'plain') {
      const mirror = createFollower();
      const packets: string[] = [];
      const heard: string[] = [];
      const line = { waiting: 0 };
      let sound = true;
      const watcher: Watcher = {
        id: owner,
        owner,
        form,
        waitingBytes: () => line.waiting,
        hear: ({ text }) => heard.push(text),
        write(packet) {
          packets.push(packet);
          const [name, data] = JSON.parse(packet.slice(1)) as [string, Snapshot & Delta];
          if (name === 'snapshot') mirror.applySnapshot(data);
          else sound = mirror.applyDelta(data)?.sound === true && sound;
        },
      };
      fanout.attach(watcher, 'devtest/meadow', 'id' in from ? from.id : from);
      return {
        mirror,
        packets,
        heard,
        line,
        isSound: () => sound,
        last: () => JSON.parse(packets.at(-1)?.slice(1) ?? '[]')[1] as Delta,
        events: (): WireEvent[] => packets.flatMap((packet) => JSON.parse(packet.slice(1))[1].ev ?? []),
      };
    },
  };
}

/** What the mirror says of an object, in the words of a frame. */
function asFrame(mirror: ReturnType<typeof createFollower>) {
  return new Map(
    [...mirror.objects.values()].map(({ id, slot, kind, name, holder, fx, fy, fa, words, state }) => [
      id,
      { id, slot, kind, name, holder, x: fx, y: fy, angle: fa, words, state: { ...state } },
    ]),
  );
}

const x = fc.integer({ min: 0, max: 6_000 });
const y = fc.integer({ min: 0, max: 4_000 });
const who = fc.nat({ max: 60 });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constant('move' as const), who, x, y }) },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('walk' as const),
      who,
      x: fc.integer({ min: -300, max: 300 }),
      y: fc.integer({ min: -300, max: 300 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('spawn' as const), x, y }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('destroy' as const), who }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('hide' as const), who, hidden: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('hold' as const), who, by: who }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('state' as const), who, mood: fc.string() }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('jump' as const), who, x, y }) },
  { weight: 8, arbitrary: fc.record({ what: fc.constant('step' as const) }) },
);

function play(
  zone: ScriptedZone,
  actions: readonly (typeof step extends fc.Arbitrary<infer T> ? T : never)[],
  keep: ReadonlySet<string>,
  check: () => void,
) {
  for (const action of [...actions, { what: 'step' as const }]) {
    const all = [...zone.things.values()];
    const thing = 'who' in action ? all[action.who % all.length] : undefined;
    if (action.what === 'step') {
      zone.step();
      check();
    } else if (action.what === 'spawn') zone.spawn({ x: action.x, y: action.y });
    else if (thing === undefined) continue;
    else if (action.what === 'move') zone.place(thing, action.x, action.y);
    else if (action.what === 'walk') zone.place(thing, thing.x + action.x, thing.y + action.y, thing.angle + 1);
    else if (action.what === 'jump') zone.jump(thing, action.x, action.y);
    else if (action.what === 'hide') zone.change(thing, { words: action.hidden ? ['hidden'] : [] });
    else if (action.what === 'state') zone.change(thing, { state: { mood: action.mood } });
    else if (action.what === 'hold') {
      const holder = all[action.by % all.length];
      // Only a thing that holds nothing is put into one that is not held: no circles.
      const isFree =
        holder !== undefined &&
        holder !== thing &&
        holder.holder === null &&
        !all.some((one) => one.holder === thing.id);
      zone.change(thing, { holder: isFree ? holder.id : null });
    } else if (!keep.has(thing.id) && !all.some((one) => one.holder === thing.id)) zone.destroy(thing);
  }
}

describe('a view that follows deltas', () => {
  it.each([
    ['alone', 1_000],
    ['in a crowd', 7],
  ])('always equals the server and a fresh snapshot, %s', (_name, most) => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 120 }), (actions) => {
        const { zone, follow, fanout, pass } = openStage({ most });
        const fox = zone.spawn({ kind: 'player', owner: 'fox', x: 1_000, y: 1_000 });
        const hare = zone.spawn({ kind: 'player', owner: 'hare', x: 1_200, y: 1_000 });
        for (let at = 0; at < 20; at++) zone.spawn({ x: at * 300, y: at * 200 });
        zone.step();
        const guests = [
          { self: fox, ...follow(fox, 'fox') },
          { self: hare, ...follow(hare, 'hare', 'packed') },
        ];
        play(zone, actions, new Set([fox.id, hare.id]), () => {
          pass(1_000);
          for (const { self, mirror, isSound } of guests) {
            const seen = asFrame(mirror);
            expect(isSound()).toBe(true);
            for (const [id, object] of seen) {
              const truth = zone.things.get(id);
              expect(truth).toMatchObject(object);
              const isMine = id === self.id || truth?.holder === self.id;
              if (!isMine) expect(isHidden(zone, truth)).toBe(false);
            }
            expect(seen.has(self.id)).toBe(true);
            const eyes = outermost(zone, self);
            const near = [...zone.things.values()].filter((thing) => {
              const { x, y } = outermost(zone, thing);
              return !isHidden(zone, thing) && Math.hypot(x - eyes.x, y - eyes.y) <= 1_000;
            });
            if (most === 1_000) for (const thing of near) expect(seen.has(thing.id)).toBe(true);
            else expect(seen.size).toBeLessThanOrEqual(Math.max(most, 1 + holdings(zone, self)));
          }
        });
        for (const { self, mirror } of guests) {
          const followed = asFrame(mirror);
          pass(5_000);
          fanout.snapshot(self.owner as string);
          if (most === 1_000) expect(asFrame(mirror)).toEqual(followed);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('a view from a spot', () => {
  const metres = fc.double({ min: 0, max: 60, noNaN: true });
  const spot = fc.record({ x: metres, y: metres, distance: fc.double({ min: 1, max: 10, noNaN: true }) });

  it.each([
    ['alone', 1_000],
    ['in a crowd', 7],
  ])('ZON-12 always equals the server, however it turns between and with the frames, %s', (_name, most) => {
    const actions = fc.array(step, { minLength: 5, maxLength: 80 });
    fc.assert(
      fc.property(actions, fc.array(spot, { minLength: 1, maxLength: 20 }), (steps, spots) => {
        const { zone, follow, fanout, pass } = openStage({ most });
        for (let at = 0; at < 20; at++) zone.spawn({ x: at * 300, y: at * 200 });
        zone.step();
        let eye = spots[0] as Spot;
        const guests = [follow(eye, 'fox'), follow(eye, 'hare', 'packed')];
        const check = () => {
          for (const { mirror, isSound } of guests) {
            const seen = asFrame(mirror);
            expect(isSound()).toBe(true);
            for (const [id, object] of seen) {
              expect(zone.things.get(id)).toMatchObject(object);
              expect(isHidden(zone, zone.things.get(id))).toBe(false);
            }
            const near = [...zone.things.values()].filter((thing) => {
              const { x, y } = outermost(zone, thing);
              return !isHidden(zone, thing) && Math.hypot(x - eye.x * 100, y - eye.y * 100) <= eye.distance * 100;
            });
            if (most === 1_000) for (const thing of near) expect(seen.has(thing.id)).toBe(true);
            else expect(seen.size).toBeLessThanOrEqual(most);
          }
        };
        let turns = 0;
        play(zone, steps, new Set(), () => {
          pass(1_000);
          check();
          eye = spots[turns++ % spots.length] as Spot;
          for (const owner of ['fox', 'hare']) fanout.turn(owner, eye);
          check();
        });
      }),
      { numRuns: 150 },
    );
  });
});

function outermost(zone: ScriptedZone, thing: PublicObject): PublicObject {
  const holder = thing.holder === null ? undefined : zone.things.get(thing.holder);
  return holder === undefined ? thing : outermost(zone, holder);
}

function isHidden(zone: ScriptedZone, thing: PublicObject | undefined): boolean {
  if (thing === undefined) return false;
  const holder = thing.holder === null ? undefined : zone.things.get(thing.holder);
  return thing.words.includes('hidden') || isHidden(zone, holder);
}

function holdings(zone: ScriptedZone, self: PublicObject): number {
  return [...zone.things.values()].filter(({ holder }) => holder === self.id).length;
}

describe('who gets what', () => {
  it('ZON-13 a line is heard within hearing distance exactly, by its speaker too, and nowhere else', () => {
    const { zone, follow } = openStage();
    const fox = zone.spawn({ owner: 'fox', name: 'Fox', x: 1_000, y: 1_000 });
    const near = zone.spawn({ owner: 'near', x: 1_000 + 800, y: 1_000 });
    const far = zone.spawn({ owner: 'far', x: 1_000 + 801, y: 1_000 });
    zone.step();
    const guests = { fox: follow(fox, 'fox'), near: follow(near, 'near'), far: follow(far, 'far') };
    zone.say(fox, 'Hello');
    zone.step();
    expect(guests.fox.events()).toMatchObject([{ ev: 'say', n: 'Fox', text: 'Hello', p: 1 }]);
    expect(guests.near.heard).toEqual(['Hello']);
    expect(guests.far.packets).toHaveLength(1);
    expect(guests.far.heard).toEqual([]);
  });

  it('own parts, what is told and asked, and the ack go to their owner alone', () => {
    const { zone, follow } = openStage();
    const fox = zone.spawn({ owner: 'fox', x: 1_000, y: 1_000 });
    const hare = zone.spawn({ owner: 'hare', x: 1_000, y: 1_000 });
    zone.own('fox', fox.id, { bag: 'acorn' });
    zone.step();
    const guests = { fox: follow(fox, 'fox'), hare: follow(hare, 'hare') };
    zone.own('fox', fox.id, { purse: 'ducat' });
    zone.event({ type: 'tell', to: 'fox', id: hare.id, name: '', text: 'psst' });
    zone.event({ type: 'ask', to: 'fox', id: hare.id, name: '', question: 'q', text: 'riddle', choices: ['a'] });
    zone.tell({ type: 'input', owner: 'fox', character: fox.id, seq: 7, input: { x: 1 } });
    zone.step();
    expect(guests.fox.mirror.own.get(fox.id)).toEqual({ bag: 'acorn', purse: 'ducat' });
    expect(guests.fox.mirror.ack).toBe(7);
    expect(guests.fox.events()).toMatchObject([{ ev: 'tell' }, { ev: 'ask' }]);
    expect(guests.hare.packets.join()).not.toMatch(/acorn|ducat|psst|riddle|ack/);
    expect(guests.hare.last()).toMatchObject({ ch: [[1, 1, 0]] });
  });

  it('ZON-16 small moves are differences, absolute ones and teleports are marked', () => {
    const { zone, follow } = openStage();
    const fox = zone.spawn({ owner: 'fox', x: 1_000, y: 1_000 });
    const crate = zone.spawn({ x: 1_100, y: 1_000 });
    zone.step();
    const guest = follow(fox, 'fox');
    zone.place(crate, 1_103, 998);
    zone.step();
    expect(guest.last()).toEqual({ e: 1, t: 2, ch: [[2, 3, -2]], sum: expect.any(Number) });
    zone.jump(crate, 1_500, 1_500);
    zone.step();
    expect(guest.last()).toMatchObject({ ch: [[2, 397, 502]], ev: [{ ev: 'jump', s: 2 }] });
  });

  it('small moves are packed for who asks for it; what does not fit stands in ch', () => {
    const { zone, follow } = openStage({}, 5);
    const fox = zone.spawn({ owner: 'fox', x: 1_000, y: 1_000 });
    const [crate, hare, hen] = [1_100, 1_200, 1_300].map((x) => zone.spawn({ x, y: 1_000 })) as [
      PublicObject,
      PublicObject,
      PublicObject,
    ];
    zone.step();
    const guests = [follow(fox, 'fox'), follow(fox, 'fox as well', 'packed')];
    zone.place(crate, 1_103, 998);
    zone.place(hare, 1_246, 1_000);
    zone.change(hen, { state: { mood: 'calm' } });
    zone.step();
    const rest = [
      [3, 46, 0],
      [4, 0, 0, 0, { st: { mood: 'calm' } }],
    ];
    expect(guests[0]?.last().ch?.toSorted(([a], [b]) => a - b)).toEqual([[2, 3, -2], ...rest]);
    expect(guests[1]?.last()).toEqual({ e: 1, t: 2, mv: '#%SNP', ch: rest });
    zone.place(crate, 1_104, 998);
    zone.step();
    expect(guests[1]?.last()).toEqual({ e: 1, t: 3, mv: '#%QPP' });
  });

  it('an effect is for those who see its object, also when that has just gone; emit is for everybody', () => {
    const { zone, follow } = openStage();
    const fox = zone.spawn({ owner: 'fox', x: 1_000, y: 1_000 });
    const away = zone.spawn({ owner: 'away', x: 5_900, y: 3_900 });
    const balloon = zone.spawn({ x: 1_100, y: 1_000 });
    zone.step();
    const guests = { fox: follow(fox, 'fox'), away: follow(away, 'away') };
    zone.event({ type: 'effect', id: balloon.id, name: 'bang', data: null });
    zone.destroy(balloon);
    zone.event({ type: 'emit', name: 'dusk', data: 1 });
    zone.world({ night: true });
    zone.step();
    expect(guests.fox.events()).toMatchObject([{ ev: 'effect', name: 'bang' }, { ev: 'emit' }]);
    expect(guests.away.events()).toMatchObject([{ ev: 'emit', name: 'dusk', data: 1 }]);
    expect({ ...guests.away.mirror.world }).toEqual({ night: true });
  });

  it('H-19 a view is told sixteen events and 4 KB of them in a tick, its own and the nearest first; the rest is counted', () => {
    const { zone, follow, fanout } = openStage();
    const fox = zone.spawn({ owner: 'fox', x: 1_000, y: 1_000 });
    const lamps = Array.from({ length: 30 }, (_, at) => zone.spawn({ x: 1_700 - at * 20, y: 1_000 }));
    zone.step();
    const guest = follow(fox, 'fox');
    zone.event({ type: 'emit', name: 'dusk', data: null });
    for (const lamp of lamps) zone.event({ type: 'effect', id: lamp.id, name: 'spark', data: null });
    zone.event({ type: 'tell', to: 'fox', id: fox.id, name: '', text: 'Yours' });
    const near = lamps.slice(-15).map(({ id }) => id);
    zone.jump(fox, 1_001, 1_000);
    zone.step();
    const { ev = [] } = guest.last();
    expect(ev.slice(0, 2)).toMatchObject([{ ev: 'jump' }, { ev: 'tell', text: 'Yours' }]);
    expect(ev.slice(2).map((event) => 'i' in event && event.i)).toEqual(near.reverse());
    expect(fanout.eventsDropped).toBe(16);
    for (const lamp of lamps.slice(-3)) {
      zone.event({ type: 'effect', id: lamp.id, name: 'burn', data: 'x'.repeat(1_500) });
    }
    zone.step();
    expect(guest.last().ev).toHaveLength(2);
    zone.event({ type: 'emit', name: 'long', data: 'x'.repeat(5_000) });
    zone.step();
    expect(guest.last().ev).toHaveLength(1);
    expect(fanout.eventsDropped).toBe(17);
  });

  it('nothing is sent when nothing in view changed', () => {
    const { zone, follow } = openStage();
    const fox = zone.spawn({ owner: 'fox', x: 1_000, y: 1_000 });
    const far = zone.spawn({ x: 5_900, y: 3_900 });
    zone.step();
    const guest = follow(fox, 'fox');
    zone.place(far, 5_800, 3_900);
    zone.step();
    zone.step();
    expect(guest.packets).toHaveLength(1);
  });

  it('sessions with the same cells get one and the same text', () => {
    const { zone, follow } = openStage({}, 5);
    const fox = zone.spawn({ owner: 'fox', x: 1_000, y: 1_000 });
    const hare = zone.spawn({ owner: 'hare', x: 1_010, y: 1_000 });
    zone.step();
    const guests = [follow(fox, 'fox'), follow(hare, 'hare')];
    zone.place(fox, 1_001, 1_000);
    zone.step();
    expect(guests[0]?.packets.at(-1)).toBe(guests[1]?.packets.at(-1));
    expect(guests[0]?.packets).toHaveLength(2);
  });

  it('a hidden character sees itself and what it carries, and nobody else does', () => {
    const { zone, follow } = openStage();
    const fox = zone.spawn({ owner: 'fox', x: 1_000, y: 1_000, words: ['hidden'] });
    const egg = zone.spawn({ holder: fox.id });
    const hare = zone.spawn({ owner: 'hare', x: 1_000, y: 1_000 });
    zone.step();
    const guests = { fox: follow(fox, 'fox'), hare: follow(hare, 'hare') };
    zone.place(fox, 1_100, 1_000);
    zone.step();
    expect([...guests.fox.mirror.objects.keys()].sort()).toEqual([fox.id, egg.id, hare.id].sort());
    expect(guests.fox.mirror.objects.get(fox.id)).toMatchObject({ fx: 1_100 });
    expect([...guests.hare.mirror.objects.keys()]).toEqual([hare.id]);
    expect(guests.hare.packets.join()).not.toContain(fox.id);
    zone.change(fox, { words: [] });
    zone.step();
    expect([...guests.hare.mirror.objects.keys()].sort()).toEqual([fox.id, egg.id, hare.id].sort());
  });
});

describe('healing', () => {
  it('a client that reads too slowly gets no deltas, then a snapshot by itself', () => {
    const { zone, follow, fanout } = openStage();
    const fox = zone.spawn({ owner: 'fox', x: 1_000, y: 1_000 });
    zone.step();
    const guest = follow(fox, 'fox');
    guest.line.waiting = 1_001;
    zone.place(fox, 1_100, 1_000);
    zone.step();
    expect(guest.packets).toHaveLength(1);
    guest.line.waiting = 0;
    fanout.sweep();
    expect(guest.packets).toHaveLength(2);
    expect(guest.mirror.objects.get(fox.id)).toMatchObject({ fx: 1_100 });
  });

  it('a session is sent half a megabyte of changes a second, however much changes, and then it is whole again', () => {
    const { zone, follow, fanout, pass } = openStage();
    const fox = zone.spawn({ owner: 'fox', x: 1_000, y: 1_000 });
    zone.step();
    const guest = follow(fox, 'fox');
    let text = '';
    for (let tick = 0; tick < 200; tick++) {
      text = String(tick).padEnd(200_000, 'x');
      zone.change(fox, { state: { text } });
      zone.step();
      pass(50);
    }
    const sent = guest.packets.reduce((sum, packet) => sum + packet.length, 0);
    expect(sent).toBeGreaterThan(4 * 2 ** 20);
    expect(sent).toBeLessThan(9 * 2 ** 20);
    pass(3_000);
    fanout.sweep();
    expect(guest.mirror.objects.get(fox.id)?.state).toEqual({ text });
    zone.place(fox, 1_100, 1_000);
    zone.step();
    expect(guest.mirror.objects.get(fox.id)).toMatchObject({ fx: 1_100 });
    expect(guest.isSound()).toBe(true);
  });

  it('frames of an old epoch are dropped', () => {
    const { zone, follow, fanout } = openStage();
    const fox = zone.spawn({ owner: 'fox', x: 1_000, y: 1_000 });
    zone.step();
    const guest = follow(fox, 'fox');
    fanout.pause(zone.id);
    fanout.resume(zone.id, 2);
    zone.place(fox, 1_100, 1_000);
    zone.step();
    zone.restart();
    zone.step();
    expect(guest.packets.map((packet) => JSON.parse(packet.slice(1))[1].e)).toEqual([1, 2]);
    expect(guest.isSound()).toBe(true);
  });
});
