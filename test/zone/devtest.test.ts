import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileLimits, openRoot } from '../../core/content/files.ts';
import { readGame } from '../../core/content/game.ts';
import { readWorld } from '../../core/content/world.ts';
import type { Program } from '../../core/contract/content.ts';
import type { InboxItem } from '../../core/contract/link.ts';
import { compileScript } from '../../core/script/compile.ts';
import { createSandbox } from '../../core/script/sandbox.ts';
import type { Step } from '../../core/zone/step.ts';
import { emptySaved, startZone, type TestZone, type TestZoneOptions } from './support.ts';

const home = join(import.meta.dirname, '../..');

/** The zone of devtest as a node would load it: its map, its programs. */
function readDevtest(zone: string): Pick<TestZoneOptions, 'content' | 'programs'> {
  const root = openRoot(home);
  const game = readWorld([home]).games.find(({ name }) => name === 'devtest');
  const read = readGame(root, 'games/devtest');
  if (!game || read.kind !== 'ok') throw new Error(`devtest cannot be read: ${JSON.stringify(read)}`);
  const spec = read.game.zones.find(({ name }) => name === zone);
  const map = read.maps.get(zone);
  if (!spec || !map) throw new Error(`devtest has no zone ${zone} with a map`);
  const programs: Program[] = [];
  for (const { path, role, name } of [...game.scripts, ...game.zones.filter((script) => script.name === zone)]) {
    const compiled = compileScript({
      path,
      role,
      name,
      read(file) {
        const text = root.read(file, fileLimits.script);
        return text.kind === 'ok' ? text.text : null;
      },
    });
    if (compiled.kind === 'ok') programs.push(compiled.program);
  }
  const { character, settings, units } = read.game;
  const { solids, areas, objects: mapObjects } = map;
  return { programs, content: { spec, character, settings, units, solids, areas, mapObjects } };
}

const owner = (n: number) => `guest:${n.toString().padStart(16, '0')}`;

/** What three visitors do: they come, walk about, speak, use what is there, and one goes. */
function visits(test: TestZone, turn: number): InboxItem[] {
  const outcomes = test.frames().flatMap((frame) => frame.outcomes);
  const characters = outcomes.flatMap((outcome) =>
    outcome.ok && outcome.call <= 3 ? (outcome.result as { character: string }).character : [],
  );
  if (turn <= 3) return [{ type: 'join', call: turn, owner: owner(turn), name: `Guest${turn}`, character: null }];
  const n = turn % 3;
  const character = characters[n];
  if (character === undefined) return [];
  const who = { owner: owner(n + 1), character };
  const things = test.frames()[0]?.pub.in ?? [];
  const thing = things[turn % Math.max(1, things.length)];
  if (turn === 400) return [{ type: 'leave', ...who }];
  if (turn % 20 === 0) return [{ type: 'say', call: 1_000 + turn, ...who, text: `Line ${turn}` }];
  if (turn % 11 === 0 && thing) {
    const use = { object: thing.id, method: '@activate', params: {}, durable: false };
    return [{ type: 'call', call: 1_000 + turn, ...who, ...use }];
  }
  const input = { x: Math.sin(turn / 9), y: Math.cos(turn / 7) };
  return turn % 4 === 0 ? [{ type: 'input', ...who, seq: turn, input }] : [];
}

describe('devtest', () => {
  it.each(['den', 'crates'])('replays 500 recorded ticks of %s to the same hash at every tick', (zone) => {
    // A tick that a busy machine has stopped would be another one in the replay.
    const patient = { createSandbox, tickLimitMs: 5_000 };
    const loaded = { ...readDevtest(zone), ...patient, saved: { ...emptySaved, populated: false } };
    const steps: Step[] = [];
    /** The hash before each step, which is that after the one before it. */
    const hashes: string[] = [];
    const first: TestZone = startZone({
      ...loaded,
      onRecord(op) {
        if (op.op !== 'step') return;
        steps.push(op.step);
        hashes.push(first.zone.hash());
      },
    });
    for (let turn = 1; steps.length <= 500; turn++) {
      first.items(...visits(first, turn));
      // Items alone make sure that every turn has a tick, also in a zone that rests.
      if (turn % 4 !== 0)
        first.items({ type: 'connected', owner: owner(9), character: '0001000000000000', connected: true });
      first.pass(0.05);
    }

    const second = startZone({ ...loaded, now: 5 });
    for (const [i, step] of steps.entries()) {
      expect(second.zone.hash(), `before tick ${step.tick}`).toBe(hashes[i]);
      second.zone.replay(step);
    }
    expect(second.zone.hash()).toBe(first.zone.hash());
    expect(new Set(hashes).size).toBeGreaterThan(100);
  });
});
