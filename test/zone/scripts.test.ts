import { describe, expect, it } from 'vitest';
import { createSandbox } from '../../core/script/sandbox.ts';
import { programOf, script } from '../support/isolate.ts';
import { content, emptySaved, mapObject, mirror, row, startZone, type TestZoneOptions } from './support.ts';

const farmer = '0001000000000001';
const owner = 'guest:00112233445566aa';
const player = row(farmer, { kind: 'farmer', name: 'Fox', owner, x: 5, y: 5 });
const body = "body: { shape: 'circle', radius: 0.3 },";

/** A zone with real scripts in a real isolate. Sources are bodies of `defineObject`, by kind. */
function start(sources: Readonly<Record<string, string>>, options: TestZoneOptions = {}) {
  const files = Object.fromEntries(
    Object.entries({ farmer: body, ...sources }).map(([kind, source]) => [`scripts/${kind}.ts`, script(source)]),
  );
  const programs = Object.keys(files).map((path) => programOf(files, path));
  return startZone({
    createSandbox,
    programs,
    saved: { ...emptySaved, objects: [player] },
    reason: 'recover',
    ...options,
  });
}

const call = (n: number, object: string, method: string, durable = false) =>
  ({ type: 'call', call: n, owner, character: farmer, object, method, params: {}, durable }) as const;

describe('real scripts', () => {
  it('OBJ-05 are told of creation and ticks, and what they declare is there for everybody', () => {
    const map = content({ mapObjects: [mapObject(1, { kind: 'hen', state: { name: 'Berta' } })] });
    const hen = `${body} state: { name: '', mood: 'calm', born: 0, ticks: 0 },
      on: { create(self, { world }) { self.state.born = world.time; }, tick(self) { self.state.ticks++; } },`;
    const test = start({ hen }, { content: map, saved: { ...emptySaved, populated: false } });
    const seen = mirror(test.pass(1));
    const [only] = [...seen.values()];
    expect(only).toMatchObject({ kind: 'hen', body: { shape: 'circle', radius: 0.3 } });
    expect(only?.state).toEqual({ name: 'Berta', mood: 'calm', born: 1_000_000.05, ticks: 20 });
    const [saved] = test.saved().objects;
    expect(saved?.state).toMatchObject({ name: 'Berta', mood: 'calm', ticks: expect.any(Number) });
  });

  it('are not said to have done what cannot be kept: neighbours have filled the zone', () => {
    const chest = `${body} state: { gifts: [] },
      methods: { give: { allow: 'view', durable: true, handle(self) { self.state.gifts.push('a gift'); return 'kept'; } } },`;
    const full = Array.from({ length: 300 }, (_, i) =>
      row(`0001000000001${String(i).padStart(3, '0')}`, { kind: 'hoard', state: { text: 'x'.repeat(16_000) } }),
    );
    const saved = { ...emptySaved, objects: [player, row('0001000000000002', { kind: 'chest' }), ...full] };
    const test = start({ chest, hoard: "state: { text: '' }," }, { saved });
    test.pass(0.1);
    test.items(call(1, '0001000000000002', 'give', true));
    const [outcome] = test.pass(0.5).flatMap(({ outcomes }) => outcomes);
    expect(outcome).toMatchObject({ ok: false, code: 'object.failed' });
    expect(test.saved().objects.find(({ kind }) => kind === 'chest')?.state.gifts ?? []).toEqual([]);
  });

  it('do not go on with what the zone refused to let them spawn', () => {
    const nest = `state: { seen: 0 }, on: { tick(self, { world }) {
      self.state.seen = world.count('egg');
      try { if (self.state.seen < 350) world.spawn('egg', { at: self }); } catch {}
    } },`;
    const nests = Array.from({ length: 60 }, (_, i) =>
      row(`0001000000001${String(i).padStart(3, '0')}`, { kind: 'nest' }),
    );
    const test = start({ nest, egg: '' }, { saved: { ...emptySaved, objects: [player, ...nests] } });
    test.pass(2);
    const seen = [...mirror(test.frames()).values()];
    const eggs = seen.filter(({ kind }) => kind === 'egg').length;
    expect(eggs).toBeGreaterThan(200);
    expect(seen.find(({ kind }) => kind === 'nest')?.state.seen).toBe(eggs);
  });

  it('spawn, move and drop through physics, and know where things came to lie', () => {
    const hen = `${body} state: { egg: '', at: 0 },
      methods: { lay: { allow: 'view', handle(self, { world }) {
        const egg = world.spawn('egg', { at: self, angle: 0, speed: 8 });
        self.state.egg = egg.id;
        return egg.id;
      } } },
      on: { tick(self, { world }) { const egg = world.get(self.state.egg); if (egg) self.state.at = Math.round(egg.x * 100) / 100; } },`;
    const egg = `body: { shape: 'circle', radius: 0.15 },`;
    const saved = { ...emptySaved, objects: [player, row('0001000000000002', { kind: 'hen', x: 15 })] };
    const test = start({ hen, egg }, { saved });
    test.pass(0.1);
    test.items(call(1, '0001000000000002', 'lay'));
    const frames = test.pass(3);
    const outcome = frames.flatMap(({ outcomes }) => outcomes)[0];
    if (!outcome?.ok) throw new Error(JSON.stringify(outcome));
    const made = mirror(test.frames()).get(outcome.result as string);
    expect(made?.x).toBeGreaterThan(1600);
    expect(mirror(test.frames()).get('0001000000000002')?.state.at).toBeCloseTo((made?.x ?? 0) / 100, 1);
  });

  it('that throw change nothing, and the report has the line', () => {
    const hen = `${body} state: { fed: 0 },
      methods: { feed: { allow: 'view', handle(self) {
        self.state.fed = 1;
        self.teleport(1, 1);
        throw new Error('no grain');
      } } },`;
    const saved = { ...emptySaved, objects: [player, row('0001000000000002', { kind: 'hen' })] };
    const test = start({ hen }, { saved });
    test.pass(0.1);
    test.items(call(1, '0001000000000002', 'feed'));
    expect(test.pass(0.3).flatMap(({ outcomes }) => outcomes)).toMatchObject([{ ok: false, code: 'object.failed' }]);
    expect(test.saved().objects[1]).toMatchObject({ x: 10, y: 10, state: { fed: 0 } });
    const reports = test.sent.flatMap((message) => (message.type === 'reports' ? message.reports : []));
    expect(reports).toMatchObject([
      { what: 'throw', file: 'scripts/hen.ts', script: 'hen', message: expect.stringContaining('no grain') },
    ]);
  });

  it('that loop are stopped and named, and the others go on from before that tick', () => {
    const hen = `${body} state: { n: 0 }, on: { tick(self) { self.state.n++; } },
      methods: { loop: { allow: 'view', handle() { for (;;); } } },`;
    const saved = { ...emptySaved, objects: [player, row('0001000000000002', { kind: 'hen' })] };
    const test = start({ hen }, { saved });
    test.pass(0.5);
    test.items(call(1, '0001000000000002', 'loop'));
    const outcomes = test.pass(1).flatMap((frame) => frame.outcomes);
    expect(outcomes).toMatchObject([{ call: 1, ok: false, code: 'object.failed' }]);
    expect(mirror(test.frames()).get('0001000000000002')?.state.n).toBeGreaterThan(20);
  });

  it('with a body that was opened keep it open through a reload and a recovery', () => {
    const gate = `body: { shape: 'box', width: 1, height: 6, type: 'static' },
      methods: { open: { allow: 'view', handle(self) { self.body.solid = false; } } },`;
    const crate = `${body} on: { tick(self) { self.velocity(3, 0); } },`;
    const id = '0001000000000002';
    const rows = [player, row(id, { kind: 'gate', x: 15 }), row('0001000000000003', { kind: 'crate', x: 12 })];
    const test = start({ gate, crate }, { saved: { ...emptySaved, objects: rows } });
    test.pass(2);
    expect(mirror(test.frames()).get('0001000000000003')?.x).toBeLessThan(1430);
    test.items(call(1, id, 'open'));
    test.pass(0.1);
    const { objects } = test.saved();
    const later = start({ gate, crate }, { saved: { ...emptySaved, objects } });
    later.pass(1.5);
    expect(mirror(later.frames()).get('0001000000000003')?.x).toBeGreaterThan(1550);
  });
});
