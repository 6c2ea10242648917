import { describe, expect, it } from 'vitest';
import { createSandbox } from '../../core/script/sandbox.ts';
import { programOf, script } from '../support/isolate.ts';
import { emptySaved, mirror, row, startZone, type TestZone, type TestZoneOptions } from './support.ts';

const farmer = '0001000000000001';
const owner = 'guest:00112233445566aa';
const body = "body: { shape: 'circle', radius: 0.3 },";
const saved = { ...emptySaved, objects: [row(farmer, { kind: 'farmer', name: 'Fox', owner, x: 5, y: 5 })] };

function start(source: string, options: TestZoneOptions = {}): TestZone {
  const programs = [programOf({ 'scripts/farmer.ts': script(source) }, 'scripts/farmer.ts')];
  return startZone({ createSandbox, programs, saved, reason: 'recover', ...options });
}

const input = (seq: number, x: number, y = 0) =>
  ({ type: 'input', owner, character: farmer, seq, input: { x, y } }) as const;
const call = (n: number, method: string) =>
  ({ type: 'call', call: n, owner, character: farmer, object: farmer, method, params: {}, durable: false }) as const;

function fox(test: TestZone) {
  const found = mirror(test.frames()).get(farmer);
  if (!found) throw new Error('the fox is gone');
  return found;
}

describe('a character without an input handler', () => {
  it('walks by x and y until the next input, and its owner hears which were used', () => {
    const test = start(`${body} speed: 2,`);
    test.items(input(1, 5), input(2, 0.5));
    const frames = test.pass(1);
    expect(frames[0]?.pub.acks).toEqual([{ owner, seq: 2 }]);
    expect(fox(test)).toMatchObject({ vx: 100, vy: 0, angle: 0 });
    expect(fox(test).x / 100).toBeCloseTo(6, 0);
    test.items(input(3, 3, 4));
    test.pass(0.1);
    expect(Math.hypot(fox(test).vx, fox(test).vy)).toBeCloseTo(200, -1);
    test.items(input(4, 0));
    test.pass(3);
    expect(fox(test)).toMatchObject({ vx: 0, vy: 0 });
    expect(test.zone.nextTurnMs()).toBeNull();
  });

  it('stands when its session is gone, and goes on when nothing but that has changed', () => {
    const test = start(body);
    test.items(input(1, 1));
    test.pass(0.2);
    test.items({ type: 'connected', owner, character: farmer, connected: false });
    test.pass(0.1);
    expect(fox(test)).toMatchObject({ vx: 0 });
    test.items({ type: 'connected', owner, character: farmer, connected: true });
    test.pass(0.5);
    expect(fox(test)).toMatchObject({ vx: 0 });
    test.items(input(2, 1));
    test.pass(0.2);
    expect(fox(test).vx).toBe(400);
  });

  it('walks as fast as its script says, also not at all', () => {
    const test = start(`${body} methods: {
      halt: { handle(self) { self.speed = 0; } }, run: { handle(self) { self.speed = 6; } } },`);
    test.items(call(1, 'halt'));
    test.pass(0.05);
    test.items(input(1, 1));
    test.pass(0.5);
    expect(fox(test)).toMatchObject({ x: 500, vx: 0 });
    test.items(call(2, 'run'));
    test.pass(0.05);
    test.items(input(2, -1));
    test.pass(0.2);
    expect(fox(test).vx).toBe(-600);
  });

  it('is seen by scripts where it is, with the velocity it is given', () => {
    const test = start(`${body} methods: { where: { handle(self) { return [self.x, self.vx, self.angle]; } } },`);
    test.items(input(1, 1));
    test.pass(0.5);
    test.items(call(1, 'where'), input(2, 0, -1));
    const [outcome] = test.pass(0.05).flatMap(({ outcomes }) => outcomes);
    expect(outcome).toMatchObject({ ok: true, result: [expect.closeTo(7, 1), 0, -Math.PI / 2] });
  });

  it('obeys a script that sends it somewhere: what is held goes on in the tick after', () => {
    const test = start(`${body} methods: { leap: { handle(self) { self.teleport(20, 20); self.velocity(0, 10); } } },`);
    test.items(input(1, 1));
    test.pass(0.2);
    test.items(call(1, 'leap'));
    test.pass(0.05);
    expect(fox(test)).toMatchObject({ vx: 0, vy: 1000 });
    test.pass(0.05);
    expect(fox(test)).toMatchObject({ vx: 400, vy: 0 });
  });
});

describe('an isolate in which nobody hears of it', () => {
  const quiet = { saved, hears: [], reason: 'recover', script: () => ({ looks: false }) } as const;

  it('is told nothing of who walks until something else is told', () => {
    const test = startZone(quiet);
    test.pass(0.2);
    const before = test.ticks.length;
    for (let n = 1; n < 20; n++) {
      test.items(input(n, 1));
      test.pass(0.05);
    }
    expect(test.ticks.length).toBe(before);
    test.items({ type: 'say', call: 1, owner, character: farmer, text: 'hello' });
    test.pass(0.05);
    const { moved = [] } = test.ticks.at(-1) ?? {};
    expect(moved.length).toBe(6);
    expect(moved[1]).toBeCloseTo(5 + 19 * 0.2, 1);
    expect(moved[4]).toBe(4);
  });

  it('is told of it in the tick after when somebody looks, and of contacts when somebody hears of those', () => {
    const looking = startZone({ ...quiet, script: () => ({ looks: true }) });
    looking.pass(0.2);
    const before = looking.ticks.length;
    looking.items(input(1, 1));
    looking.pass(0.5);
    expect(looking.ticks.length).toBeGreaterThan(before + 8);
    const objects = [...saved.objects, row('0001000000000002', { kind: 'crate', x: 6.2, y: 5 })];
    const touching = { ...quiet, saved: { ...saved, objects } };
    const contacts = [[], ['touch']].map((hears) => {
      const test = startZone({ ...touching, hears });
      test.items(input(1, 1));
      test.pass(1);
      return test.ticks.flatMap((tick) => tick.contacts);
    });
    expect(contacts).toEqual([[], [[farmer, '0001000000000002', true]]]);
  });
});
