/** What `migrate` changed is kept until the new build has proved itself, and taken back when it has not. */
import { describe, expect, it } from 'vitest';
import { script, startIsolate } from '../support/isolate.ts';

const first = script(`state: { eggs: 3, name: 'Ada' }, own: { seen: 0 }, secret: { gold: 1 },
  on: { create(self) { self.secret.gold = 5; self.own.seen = 2; }, tick(self) { self.state.eggs++; } }`);
const second = script(`version: 2, state: { basket: [], name: '' }, own: { seen: 0 }, secret: { gold: 0 },
  migrate(old) { return { state: { basket: [old.state.eggs], name: old.state.name + '!' }, own: old.own, secret: { gold: old.secret.gold * 2 } }; },
  on: { tick(self) { self.state.basket.push('x'); self.secret.gold++; } }`);
const broken = second.replace('migrate(old) {', 'migrate(old) { if (old.state.eggs < 5) throw new Error("few");');

function migrated(keepFormer = true) {
  using old = startIsolate({ scripts: { hen: first, cow: first }, objects: [{ kind: 'hen' }, { kind: 'cow' }] });
  old.tick();
  const isolate = old.restart({ scripts: { hen: second, cow: first }, keepFormer });
  isolate.tick();
  return isolate;
}

describe('former state', () => {
  it('is kept beside what migrate made of it, and the load says who migrated', () => {
    using isolate = migrated();
    expect(isolate.load.migrated).toEqual(['hen']);
    expect(isolate.state(1)).toEqual({ basket: [4, 'x'], name: 'Ada!' });
    expect(isolate.row(1).keep.before).toEqual({
      hen: { version: 1, state: { eggs: 4, name: 'Ada' }, own: { seen: 2 }, secret: { gold: 5 } },
    });
    expect(isolate.row(2).keep).not.toHaveProperty('before');
  });

  it('comes back with the build before, for that kind alone; what others did since stays', () => {
    using isolate = migrated();
    isolate.ticks(3);
    using back = isolate.restart({ scripts: { hen: first, cow: first }, keepFormer: false });
    expect(back.load).toMatchObject({ reports: [], migrated: ['hen'] });
    back.tick();
    expect(back.state(1)).toEqual({ eggs: 5, name: 'Ada' });
    expect(back.row(1)).toMatchObject({
      own: { seen: 2 },
      keep: { secrets: { hen: { gold: 5 } }, versions: { hen: 1 } },
    });
    expect(back.row(1).keep).not.toHaveProperty('before');
    expect(back.state(2).eggs).toBe(9);
  });

  it('is dropped when the probation went well, and at a load where nothing is on probation', () => {
    using isolate = migrated();
    isolate.tick({ settled: true });
    expect(isolate.row(1).keep).not.toHaveProperty('before');
    using refused = isolate.restart({ scripts: { hen: first } });
    expect(refused.load.reports).toMatchObject([{ script: 'hen', handler: 'version' }]);

    using still = migrated();
    using recovered = still.restart({ scripts: { hen: second, cow: first }, keepFormer: false, reason: 'recover' });
    recovered.tick();
    expect(recovered.row(1).keep).toHaveProperty('before');
    using started = recovered.restart({ reason: 'start' });
    started.tick();
    expect(started.row(1).keep).not.toHaveProperty('before');
  });

  it('is not kept when nobody asks for it', () => {
    using isolate = migrated(false);
    expect(isolate.load.migrated).toEqual(['hen']);
    expect(isolate.row(1).keep).not.toHaveProperty('before');
  });

  it('the oldest stays while builds follow each other, and is brought up again', () => {
    using isolate = migrated();
    const third = second
      .replace('version: 2', 'version: 3')
      .replace('migrate(old) {', 'migrate(old, from) { if (from === 2) return old;');
    using next = isolate.restart({ scripts: { hen: third, cow: first } });
    next.tick();
    expect(next.row(1).keep.before).toMatchObject({ hen: { version: 1 } });
    using back = next.restart({ scripts: { hen: second, cow: first } });
    back.tick();
    expect(back.load).toMatchObject({ reports: [], migrated: ['hen'] });
    expect(back.state(1)).toEqual({ basket: [4, 'x'], name: 'Ada!' });
    expect(back.row(1).keep.before).toMatchObject({ hen: { version: 1 } });
  });

  it('a migrate that throws is a fault of the load, with its line', () => {
    using old = startIsolate({ scripts: { hen: first }, objects: [{ kind: 'hen' }] });
    old.tick();
    using isolate = old.restart({ scripts: { hen: broken }, keepFormer: true });
    expect(isolate.load).toMatchObject({
      migrated: [],
      reports: [{ handler: 'migrate', message: 'Error: few', line: 5 }],
    });
  });

  it('a zone’s script migrates once, and goes back', () => {
    const zone = (text: string) => `import { defineZone } from 'roost';\nexport default defineZone({ ${text} });`;
    const one = zone('state: { n: 1 }, on: { create() {} }');
    // Zone scripts declare no migrate: the version alone counts.
    const two = zone('version: 2, state: { n: 1 }');
    using a = startIsolate({ scripts: { 'zones/yard.ts': one } });
    a.tick();
    using b = a.restart({ scripts: { 'zones/yard.ts': two } });
    b.tick();
    using c = b.restart({ scripts: { 'zones/yard.ts': one } });
    expect(c.load.reports).toMatchObject([{ handler: 'version' }]);
  });
});
