/** A world whose new build was refused or taken back goes on as if there had never been one: the same hash, tick by tick. */
import { describe, expect, it } from 'vitest';
import type { Program } from '../../core/contract/content.ts';
import type { InboxItem } from '../../core/contract/link.ts';
import { createSandbox } from '../../core/script/sandbox.ts';
import { handlerWord, shareWords } from '../../core/zone/blame.ts';
import { programOf, script } from '../support/isolate.ts';
import { content, emptySaved, row, startZone, type TestZone } from './support.ts';

const fox = '0001000000000001';
const owner = 'guest:00112233445566aa';
const farmer = "body: { shape: 'circle', radius: 0.3 },";
/** Uses everything that a new isolate might begin anew: chance, who is near, timers, ways, cooldowns, collisions. */
const hen = (more = '', tick = '') => `${more} body: { shape: 'circle', radius: 0.3 },
  near: { radius: 4, kinds: ['farmer', 'hen'] },
  state: { n: 0, near: 0, clucks: 0, touched: 0, fed: 0 },
  on: {
    create(self) { self.every(0.7, 'cluck'); },
    tick(self, { world }) { ${tick} self.state.n += world.chance(0.3) ? 1 : 0; self.wander(1); },
    near(self) { self.state.near++; },
    touch(self) { self.state.touched++; },
  },
  timers: { cluck(self, { world }) { self.state.clucks += world.roll('1d6'); if (self.cooldown('egg', 2) && world.find('egg').length < 5) world.spawn('egg', { at: self }); } },
  methods: { feed: { allow: 'view', durable: true, handle(self) { return ++self.state.fed; } } },`;
const egg = "body: { shape: 'circle', radius: 0.1 }, state: { age: 0 }, on: { tick(self) { self.state.age++; } },";

function compile(henText: string, bomb = 'on: { tick() {} },'): readonly Program[] {
  const files = {
    ...{ 'scripts/farmer.ts': script(farmer), 'scripts/hen.ts': script(henText), 'scripts/egg.ts': script(egg) },
    'scripts/bomb.ts': script(bomb),
  };
  return Object.keys(files).map((path) => programOf(files, path));
}

const hens = Array.from({ length: 12 }, (_, n) =>
  row(`00010000000000${(16 + n).toString(16)}`, { kind: 'hen', x: 8 + (n % 4) * 0.5, y: 8 + Math.floor(n / 4) * 0.5 }),
);

function start(): TestZone {
  return startZone({
    ...{ createSandbox, programs: compile(hen()), reason: 'start', words: shareWords(handlerWord) },
    saved: {
      ...emptySaved,
      objects: [
        row(fox, { kind: 'farmer', name: 'Fox', owner, x: 12, y: 8 }),
        ...hens,
        row('00010000000000ff', { kind: 'bomb', x: 30, y: 25 }),
      ],
    },
    content: content(),
    // A machine that stalls stops a tick as well, and the tick that is run again has another number.
    tickLimitMs: 2_000,
  });
}

/** The same inputs for everybody; hashes after each. */
function play(test: TestZone, from: number, to: number): string[] {
  const hashes: string[] = [];
  for (let n = from; n < to; n++) {
    const [x, y] = [Math.cos(n), Math.sin(n * 1.3)];
    const items: InboxItem[] = [{ type: 'input', owner, character: fox, seq: n, input: { x, y } }];
    if (n % 7 === 0)
      items.push({
        type: 'call',
        call: n,
        owner,
        character: fox,
        object: hens[n % 12]?.id ?? '',
        method: 'feed',
        params: {},
        durable: true,
      });
    test.items(...items);
    test.pass(0.05);
    hashes.push(test.zone.hash());
  }
  return hashes;
}

/** Two worlds with the same inputs; one of them is given other builds in the middle. */
function both(programs: readonly Program[]) {
  const [alone, other] = [start(), start()];
  expect(play(other, 1, 60)).toEqual(play(alone, 1, 60));
  other.accept({ type: 'programs', programs, way: 'new' });
  return { alone, other };
}

const judged = ({ sent }: TestZone) => sent.filter((message) => message.type === 'judged');
const throwing = "on: { tick() { throw new Error('no'); } },";

describe('a world that has gone back to the builds before', () => {
  it('is that of the old code alone at every tick, when the new one threw before it did anything', () => {
    const { alone, other } = both(compile(hen(), throwing));
    expect(play(other, 60, 160)).toEqual(play(alone, 60, 160));
    expect(judged(other)).toMatchObject([{ back: { script: 'bomb' } }]);
  });

  it('is that of the old code alone when the new one was refused', () => {
    const { alone, other } = both(compile(`${hen('version: 2,')} migrate() { throw new Error('no'); },`));
    expect(play(other, 60, 160)).toEqual(play(alone, 60, 160));
    expect(other.sent).toContainEqual(expect.objectContaining({ type: 'swapped', ok: false }));
  });

  it('is that of the old code alone from the tick on in which the new one has ended', () => {
    const late = "on: { load(self) { self.after(1, 'pop'); } }, timers: { pop() { throw new Error('no'); } },";
    const { alone, other } = both(compile(hen(), late));
    play(other, 60, 90);
    play(alone, 60, 90);
    expect(judged(other)).toMatchObject([{ back: { handler: 'timers.pop' } }]);
    expect(play(other, 90, 190)).toEqual(play(alone, 90, 190));
  });

  it('has what a migration changed as it was, and everything else as the old code alone', () => {
    const { alone, other } = both(
      compile(hen(), `version: 2, state: { a: 1 }, migrate: () => ({ state: { a: 9 } }), ${throwing}`),
    );
    play(other, 60, 160);
    play(alone, 60, 160);
    expect(judged(other)).toMatchObject([{ back: { script: 'bomb' } }]);
    // When it changed last is what happened.
    const objects = (test: TestZone) => test.saved().objects.map((one) => ({ ...one, changed: 0, changedTick: 0 }));
    expect(objects(other)).toEqual(objects(alone));
  });

  it('is as it was before the tick that was stopped', () => {
    const { other } = both(compile(hen(), 'on: { tick() { for (;;); } },'));
    const before = other.zone.hash();
    const [after] = play(other, 60, 61);
    expect(judged(other)).toMatchObject([{ back: { script: 'bomb', what: 'stopped' } }]);
    expect(after).toBe(before);
  });
});
