/** A replay that begins at a checkpoint in the middle of a zone's life, with real scripts in a real isolate. */
import { describe, expect, it } from 'vitest';
import type { InboxItem } from '../../core/contract/link.ts';
import { createSandbox } from '../../core/script/sandbox.ts';
import type { Checkpoint } from '../../core/zone/checkpoint.ts';
import { checkpointEvery, type Op, recordZone, replayOp, sumOf } from '../../core/zone/recording.ts';
import { createZone } from '../../core/zone/zone.ts';
import { programOf, script } from '../support/isolate.ts';
import { content, emptySaved, row } from './support.ts';

const idOf = (n: number) => `0001${n.toString(16).padStart(12, '0')}`;
const body = "body: { shape: 'circle', radius: 0.3 },";

const sources = {
  farmer: `${body} state: { steps: 0, met: 0 }, secret: { count: 0 },
    on: { touch(self) { self.state.met += 1; }, part(self) { self.secret.count += 1; } },
    methods: { wave: { handle(self, { world }) { self.say('Hello ' + world.random(0, 10)); return self.memory(self); } } },`,
  hen: `${body} state: { mood: 0, seen: 0, parted: 0, said: 0, walked: 'no' }, near: { radius: 3, kinds: ['hen', 'player'] },
    on: {
      create(self) { self.every(0.7, 'cluck'); self.after(3, 'walk'); },
      near(self, { other }) { self.state.seen += 1; },
      far(self) { self.state.parted += 1; },
      tick(self, { world }) {
        if (self.state.mood > 3) self.wander(1.5);
        if (world.chance(0.01) && self.cooldown('lay', 4)) world.spawn('egg', { at: self, speed: 3, life: 6 });
      },
      touch(self) { self.state.mood = (self.state.mood + 1) % 7; },
      hear(self) { self.state.said += 1; },
    },
    timers: {
      cluck(self, { world }) { self.state.mood = (self.state.mood + world.roll('1d4')) % 7; if (world.chance(0.2)) self.say('cluck'); },
      walk(self, { world }) { self.state.walked = self.walkTo({ x: world.random(2, 38), y: world.random(2, 28) }); self.after(2 + world.random(), 'walk'); },
    },
    messages: { peep(self) { self.state.mood = 0; } },`,
  egg: `body: { shape: 'circle', radius: 0.15, restitution: 0.5 }, state: { at: 0 },
    on: { tick(self, { world }) { self.state.at = Math.round(self.x); const hen = self.nearest('hen', 2); if (hen && world.chance(0.05)) self.send(hen, 'peep'); } },`,
  fence: `body: { shape: 'box', width: 1, height: 0.2, type: 'static' }, on: {},`,
  bomb: `state: { boom: 0 }, on: { tick(self) { self.state.boom += 1; if (self.state.boom % 50 === 0) throw new Error('boom'); } },`,
};

function programs() {
  const files = Object.fromEntries(
    Object.entries(sources).map(([kind, source]) => [`scripts/${kind}.ts`, script(source)]),
  );
  return Object.keys(files).map((path) => programOf(files, path));
}

/** What players do at a turn. */
function visitors(turn: number): InboxItem[] {
  const n = (turn % 3) + 1;
  const owner = `guest:${n.toString().padStart(16, '0')}`;
  const character = idOf(n);
  const input = { x: Math.sin(turn / 9), y: Math.cos(turn / 7) };
  const items: InboxItem[] = [{ type: 'input', owner, character, seq: turn, input }];
  if (turn % 31 === 0)
    items.push({
      type: 'call',
      call: turn,
      owner,
      character,
      object: character,
      method: 'wave',
      params: {},
      durable: false,
    });
  if (turn % 5 === 0) items.push({ type: 'move', call: 100_000 + turn, owner, character, dx: 0.3, dy: -0.2 });
  if (turn % 97 === 0) items.push({ type: 'connected', owner, character, connected: false });
  if (turn % 97 === 9) items.push({ type: 'connected', owner, character, connected: true });
  return items;
}

function open(
  checkpoint: Checkpoint | null,
  saved = checkpoint === null ? first() : { ...emptySaved, ...checkpoint, objects: [], timers: checkpoint.timers },
) {
  const solids = [
    {
      points: [
        { x: 20, y: 5 },
        { x: 20, y: 25 },
      ],
      closed: false,
    },
  ];
  const zone = createZone({
    load: {
      ...{ type: 'load', zone: 'test/yard', epoch: 3, reason: 'recover', seed: 7, content: content({ solids }) },
      ...{ programs: programs(), saved, ids: [{ first: idOf(0x1000), count: 1024 }], former: [], caution: 'none' },
    },
    createSandbox,
    sandbox: { memoryMb: 64, tickLimitMs: 2_000, loadLimitMs: 10_000, blame: null },
    clock: { now: () => 0, monotonicMs: () => performance.now() },
    blame: { enter() {}, leave() {} },
    send() {},
    flushMs: 250,
    mostObjects: 5_000,
  });
  const failure = checkpoint ? zone.restore(checkpoint) : zone.start();
  if (failure !== null) throw new Error(failure);
  return zone;
}

function first() {
  const players = [1, 2, 3].map((n) =>
    row(idOf(n), { kind: 'farmer', name: `P${n}`, owner: `guest:${n.toString().padStart(16, '0')}`, x: 4 + n, y: 5 }),
  );
  const hens = Array.from({ length: 24 }, (_, i) =>
    row(idOf(i + 10), { kind: 'hen', x: 6 + (i % 6) * 0.7, y: 8 + i / 8 }),
  );
  const fences = Array.from({ length: 5 }, (_, i) => row(idOf(i + 50), { kind: 'fence', x: 10, y: 4 + i }));
  const crates = Array.from({ length: 12 }, (_, i) =>
    row(idOf(i + 60), {
      kind: 'crate',
      x: 14 + (i % 4) * 0.8,
      y: 12 + i / 6,
      shape: { shape: 'box', width: 0.8, height: 0.8 },
    }),
  );
  const bombs = [row(idOf(90), { kind: 'bomb', x: 30, y: 20 })];
  return { ...emptySaved, objects: [...players, ...hens, ...fences, ...crates, ...bombs] };
}

describe('a replay from a checkpoint', () => {
  it('gives the same hash at every tick, across two further checkpoints', { timeout: 120_000 }, () => {
    const ops: Op[] = [];
    const zone = recordZone(open(null), (op) => ops.push(JSON.parse(JSON.stringify(op)) as Op));
    const hashes: { hash: string; sum: number }[] = [];
    const begin = 1_000;
    for (let turn = 1; turn <= 3 * checkpointEvery + 100; turn++) {
      const rest = { ids: [], throttles: [], settled: false };
      zone.tick({
        tick: turn,
        time: begin + turn * 0.05 + (turn % 7) * 0.001,
        dt: 0.05,
        items: visitors(turn),
        ...rest,
      });
      hashes[turn] = { hash: zone.hash(), sum: sumOf(zone) };
    }
    const starts = ops.flatMap((op, i) => (op.op === 'checkpoint' ? [i] : []));
    expect(starts).toHaveLength(3);
    for (const from of [starts[0] as number, starts[1] as number]) {
      const { checkpoint } = ops[from] as Extract<Op, { op: 'checkpoint' }>;
      const second = open(checkpoint);
      expect(second.hash()).toBe(hashes[checkpoint.tick]?.hash);
      for (const op of ops.slice(from + 1)) {
        replayOp(second, op);
        if (op.op === 'step') {
          const { tick } = op.step;
          expect(sumOf(second), `tick ${tick}`).toBe(hashes[tick]?.sum);
          expect(second.hash(), `after tick ${tick}`).toBe(hashes[tick]?.hash);
        }
      }
      second.dispose();
    }
    expect(new Set(hashes.slice(1).map(({ hash }) => hash)).size).toBe(hashes.length - 1);
    zone.dispose();
  });
});
