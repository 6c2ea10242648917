import { describe, expect, it } from 'vitest';
import type { Intent, LoadIn, TickIn } from '../../core/contract/driver.ts';
import type { InboxItem } from '../../core/contract/link.ts';
import type { Step } from '../../core/zone/step.ts';
import { content, emptySaved, row, type Script, startZone, type TestZone } from './support.ts';

const idOf = (n: number) => `0001${n.toString(16).padStart(12, '0')}`;

/** Chance that depends on nothing but what was handed in. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Everybody pushes, walks, spawns, carries and forgets, as the numbers fall. */
function busy(): Script {
  return (input: TickIn, loaded: LoadIn) => {
    const random = dice(loaded.seed * 10_007 + input.tick);
    const ids = loaded.objects.map(({ id }) => id);
    const pick = () => ids[Math.floor(random() * ids.length)] ?? '';
    const intents: Intent[] = [
      { verb: 'push', id: pick(), ix: random() * 4 - 2, iy: random() * 4 - 2 },
      { verb: 'place', id: pick(), x: random() * 40, y: random() * 30, checked: random() < 0.5 },
    ];
    if (input.tick % 20 === 0) {
      intents.push({ verb: 'walk', id: pick(), to: { x: random() * 40, y: random() * 30 }, speed: 1 + random() });
    }
    const [block] = loaded.ids;
    if (input.tick % 10 === 0 && block) {
      const id = `0001${(Number.parseInt(block.first.slice(4), 16) + input.tick).toString(16).padStart(12, '0')}`;
      const made = {
        by: null,
        name: '',
        look: null,
        owner: null,
        holder: null,
        ignore: [],
        own: {},
        keep: {},
      } as const;
      const place = { x: random() * 40, y: random() * 30, angle: 0, vx: random(), vy: random() };
      intents.push({ verb: 'spawn', id, kind: 'crate', state: { born: input.tick }, ...made, ...place });
    }
    if (input.tick % 50 === 0) intents.push({ verb: 'destroy', id: pick() });
    const touched = input.contacts.map(([a, b]) => ({ id: a, state: { last: b, at: input.time } }));
    const timers = [{ object: pick(), script: 'crate', name: 'x', due: input.time + 1, every: null, data: input.tick }];
    return { intents, changes: touched, timers, restless: true };
  };
}

/** What came in from outside at a tick of the recording. */
function visitors(turn: number): InboxItem[] {
  const owner = `guest:${(turn % 7).toString().padStart(16, '0')}`;
  return turn % 25 === 0 ? [{ type: 'join', call: turn, owner, name: `P${turn % 7}`, character: null }] : [];
}

describe('a replay', () => {
  it('of 500 recorded ticks with scripts and physics gives the same hash at every tick', () => {
    const saved = {
      ...emptySaved,
      objects: Array.from({ length: 40 }, (_, i) => row(idOf(i + 1), { x: 8 + (i % 8), y: 8 + i / 8 })),
    };
    const solids = [
      {
        points: [
          { x: 20, y: 5 },
          { x: 20, y: 25 },
        ],
        closed: false,
      },
    ];
    const world = content({ solids });
    const steps: Step[] = [];
    /** The hash before each step, which is that after the one before it. */
    const hashes: string[] = [];
    const first: TestZone = startZone({
      saved,
      content: world,
      script: busy(),
      onRecord(op) {
        if (op.op !== 'step') return;
        steps.push(op.step);
        hashes.push(first.zone.hash());
      },
    });
    for (let turn = 1; steps.length <= 500; turn++) {
      first.items(...visitors(turn));
      // Now and then the loop is late and ticks are caught up.
      if (turn % 40 === 0) first.stall(0.15);
      first.pass(0.05);
    }

    const second = startZone({ saved, content: world, script: busy(), now: 5 });
    for (const [i, step] of steps.entries()) {
      expect(second.zone.hash(), `before tick ${step.tick}`).toBe(hashes[i]);
      second.zone.replay(step);
    }
    expect(second.zone.hash()).toBe(first.zone.hash());
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(second.zone.stats().objects).toBeGreaterThan(50);
  }, 60_000);
});
