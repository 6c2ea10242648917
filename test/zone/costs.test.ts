import { describe, expect, it } from 'vitest';
import type { Costs } from '../../core/contract/driver.ts';
import { createSandbox } from '../../core/script/sandbox.ts';
import { createCosts, roost } from '../../core/zone/costs.ts';
import { programOf, script } from '../support/isolate.ts';
import { emptySaved, row, type Script, startZone } from './support.ts';

const known = (kind: string) => kind === 'hen' || kind === 'fox';
const claim = (kinds: Costs['kinds'], objects: Costs['objects'] = []): Costs => ({ kinds, handlers: [], objects });
const sum = (numbers: Iterable<number>) => [...numbers].reduce((all, n) => all + n, 0);

describe('costs', () => {
  it('are what handlers claim as long as the CPU has it, and the rest is the runtime’s', () => {
    const costs = createCosts(known);
    const claims = claim([
      { kind: 'hen', ms: 3, calls: 5 },
      { kind: 'fox', ms: 1, calls: 1 },
    ]);
    const { kinds } = costs.book(0, { cpuMs: 6, wallMs: 6, claims, of: 16 });
    expect([...kinds]).toEqual([
      ['hen', 3],
      ['fox', 1],
      [roost, 2],
    ]);
    expect(costs.window(0)).toMatchObject({ ms: 6, entries: 1 });
    expect(costs.window(0).kinds.get('hen')).toMatchObject({ ms: 3, calls: 5 });
  });

  it('are scaled to the CPU when the entry waited for it: a busy machine is nobody’s fault', () => {
    const costs = createCosts(known);
    const { kinds } = costs.book(0, {
      cpuMs: 5,
      wallMs: 50,
      claims: claim([{ kind: 'hen', ms: 40, calls: 1 }]),
      of: 16,
    });
    expect(kinds.get('hen')).toBeCloseTo(4);
    expect(kinds.get(roost)).toBeCloseTo(1);
  });

  it.each([
    ['more than there was', [{ kind: 'hen', ms: 1e9, calls: 1 }], 10],
    ['for a kind that does not exist', [{ kind: 'ghost', ms: 9, calls: 1 }], 0],
    ['less than nothing', [{ kind: 'hen', ms: -5, calls: 1 }], 0],
    ['no number', [{ kind: 'hen', ms: Number.NaN, calls: 1 }], 0],
    ['a text', [{ kind: 'hen', ms: '9' as unknown as number, calls: 1 }], 0],
    ['without end', [{ kind: 'hen', ms: Number.POSITIVE_INFINITY, calls: 1 }], 0],
  ])('that are claimed %s are not believed', (_name, kinds, hen) => {
    const costs = createCosts(known);
    const spent = costs.book(0, { cpuMs: 10, wallMs: 10, claims: claim(kinds), of: 16 }).kinds;
    expect(spent.get('hen') ?? 0).toBeCloseTo(hen);
    expect(sum(spent.values())).toBeCloseTo(10);
  });

  it('count for five seconds', () => {
    const costs = createCosts(known);
    for (let ms = 0; ms < 10_000; ms += 50)
      costs.book(ms, { cpuMs: 1, wallMs: 1, claims: claim([{ kind: 'hen', ms: 1, calls: 1 }]), of: 16 });
    expect(costs.window(9_950).ms).toBeGreaterThanOrEqual(90);
    expect(costs.window(9_950).ms).toBeLessThanOrEqual(100);
    expect(costs.window(20_000).ms).toBe(0);
  });

  it('of objects are estimated from those that are sampled', () => {
    const costs = createCosts(known);
    for (let tick = 0; tick < 160; tick++) {
      const objects = tick % 16 === 0 ? [{ id: '0001000000000001', ms: 2 }] : [];
      const claims = claim([{ kind: 'hen', ms: 4, calls: 2 }], objects);
      costs.book(tick * 50, { cpuMs: 4, wallMs: 4, claims, of: 16 });
    }
    const spent = costs.objects(7_950).get('0001000000000001');
    expect(spent).toMatchObject({ hits: 10, spanMs: 7_950 });
    expect(spent?.ms).toBeCloseTo(160 * 2);
  });

  it('of an object under a limit of its own are measured whenever it runs', () => {
    const costs = createCosts(known, (object) => object === '0001000000000001');
    for (let tick = 0; tick < 100; tick++) {
      const objects = tick % 8 === 0 ? [{ id: '0001000000000001', ms: 2 }] : [];
      costs.book(tick * 50, {
        cpuMs: 4,
        wallMs: 4,
        claims: claim([{ kind: 'hen', ms: 4, calls: 2 }], objects),
        of: 16,
      });
    }
    expect(costs.objects(4_950).get('0001000000000001')?.ms).toBeCloseTo(13 * 2);
  });
});

describe('a zone', () => {
  const ids = Array.from({ length: 4 }, (_, n) => `000100000000000${n + 1}`);

  it('tells what eats it: CPU, calls, messages, spawns and says by kind, and the sum is all there was', () => {
    const [a = '', b = ''] = ids;
    const script: Script = ({ tick }, { ids: blocks }) => ({
      cpuMs: 4,
      restless: true,
      costs: claim([{ kind: 'crate', ms: 3, calls: 2 }], [{ id: a, ms: 3 }]),
      intents: [
        { verb: 'say', id: a, text: `${tick}`, player: false },
        { verb: 'send', message: { to: b, from: a, name: 'hi', data: null } },
        ...(tick === 1
          ? [
              {
                ...({ verb: 'spawn', by: a, id: blocks[0]?.first ?? '', kind: 'crate', name: '', look: null } as const),
                ...{ x: 3, y: 3, angle: 0, vx: 0, vy: 0, owner: null, holder: null, ignore: [] },
                ...{ state: { n: 1 }, own: {}, keep: {} },
              },
            ]
          : []),
      ],
    });
    const objects = [row(a), row(b, { x: 15, state: { text: 'x'.repeat(1_000) } })];
    const test = startZone({ saved: { ...emptySaved, objects }, script });
    test.pass(1);
    const stats = test.zone.stats();
    expect(stats.cpuMs).toBeCloseTo(80);
    expect(sum(stats.costs.map(({ cpuMs }) => cpuMs))).toBeCloseTo(stats.cpuMs);
    const crates = stats.costs.find(({ kind }) => kind === 'crate');
    expect(crates).toMatchObject({ cpuMs: 60, calls: 40, objects: 3, messages: 20, spawns: 1, every: 1 });
    expect(crates?.says).toBeGreaterThan(0);
    expect(crates?.stateBytes).toBeGreaterThan(1_000);
    expect(stats.costs.find(({ kind }) => kind === roost)?.cpuMs).toBeCloseTo(20);
    expect(stats.objectCosts[0]).toMatchObject({ id: a, kind: 'crate' });
  });

  it('with real scripts attributes the CPU of its isolate to within a tenth', () => {
    let used = 0;
    const busy = (n: number) => `on: { tick(self) { let x = 0; for (let i = 0; i < ${n}; i++) x += i % 7; } },`;
    const files = { 'scripts/hen.ts': script(busy(400_000)), 'scripts/fox.ts': script(busy(100_000)) };
    const programs = Object.keys(files).map((path) => programOf(files, path));
    const objects = ids.map((id, n) => row(id, { kind: n % 2 === 0 ? 'hen' : 'fox', x: 5 + n * 3 }));
    const test = startZone({
      ...{
        programs,
        saved: { ...emptySaved, objects },
        reason: 'recover',
        limits: { kindPercent: 100, zonePercent: 100, objectPercent: 100 },
      },
      createSandbox: (options) => {
        const made = createSandbox(options);
        return {
          ...made,
          load: (input) => note(made.load(input)),
          tick: (input) => note(made.tick(input)),
        };
      },
    });
    function note<T extends { readonly cpuMs: number }>(entered: T): T {
      used += entered.cpuMs;
      return entered;
    }
    test.pass(4.5);
    const { cpuMs, costs } = test.zone.stats();
    expect(Math.abs(sum(costs.map((cost) => cost.cpuMs)) - used) / used).toBeLessThan(0.1);
    expect(cpuMs).toBeGreaterThan(0);
    const of = (name: string) => costs.find(({ kind }) => kind === name)?.cpuMs ?? 0;
    expect(of('hen')).toBeGreaterThan(of('fox'));
    expect(of('fox')).toBeGreaterThan(0);
  });
});
