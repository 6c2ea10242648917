import { describe, expect, it } from 'vitest';
import { Buckets, tickBounds } from '../../core/contract/buckets.ts';
import type { ZoneTally } from '../../core/contract/link.ts';
import { createTallies } from '../../core/node/tallies.ts';

function tally(zone: string, more: Partial<ZoneTally> = {}): ZoneTally {
  const took = new Buckets(tickBounds);
  took.add(0.002);
  return { zone, frames: 1, dropped: 0, took, late: new Buckets(tickBounds), spent: [], ...more };
}

const ticksOf = ({ took }: { took: { counts: readonly number[] } }) => took.counts.reduce((sum, count) => sum + count);

describe('tallies', () => {
  it('add up what several lives of a zone did', () => {
    const tallies = createTallies(2, () => 0);
    tallies.add([tally('farm/a', { dropped: 3 })]);
    tallies.add([tally('farm/a')]);
    const [zone] = tallies.zones();
    expect(zone).toMatchObject({ zone: 'farm/a', frames: 2, dropped: 3 });
    expect(zone && ticksOf(zone)).toBe(2);
    expect(zone?.took.sum).toBeCloseTo(0.004);
  });

  it('M-9 name no more zones than they may, and nobody’s name', () => {
    const tallies = createTallies(2, () => 0);
    tallies.add(['farm/a', 'farm/hut@graxnor', 'farm/hut@somebody', 'farm/b', 'farm/c'].map((zone) => tally(zone)));
    expect(tallies.zones().map((zone) => [zone.zone, ticksOf(zone)])).toEqual([
      ['farm/a', 1],
      ['farm/hut@*', 2],
      ['other', 2],
    ]);
    expect(tallies.labelOf('farm/hut@graxnor')).toBe('farm/hut@*');
    expect(tallies.labelOf('farm/c')).toBe('other');
  });

  it('give the name of a zone that rests to one that runs', () => {
    let nowMs = 0;
    const tallies = createTallies(2, () => nowMs);
    tallies.add([tally('farm/a'), tally('farm/b')]);
    nowMs = 50_000;
    tallies.add([tally('farm/b')]);
    nowMs = 61_000;
    tallies.add([tally('farm/c'), tally('farm/d')]);
    expect(tallies.zones().map(({ zone }) => zone)).toEqual(['farm/b', 'farm/c', 'other']);
  });

  it('tell scripts apart by game, kind and build, and not without end', () => {
    const tallies = createTallies(2, () => 0);
    for (let build = 0; build < 1_000; build++) {
      tallies.add([tally('farm/a', { spent: [{ kind: 'hen', build: `b${build}`, ms: 500 }] })]);
    }
    const scripts = tallies.scripts();
    expect(scripts).toHaveLength(201);
    expect(scripts[0]).toEqual({ game: 'farm', kind: 'hen', build: 'b0', seconds: 0.5 });
    expect(scripts.at(-1)).toEqual({ game: '', kind: 'other', build: '', seconds: 400 });
  });

  it('tell nothing of no zones when none may be told apart', () => {
    const tallies = createTallies(0, () => 0);
    tallies.add([tally('farm/a')]);
    expect(tallies.zones().map(({ zone }) => zone)).toEqual(['other']);
  });
});
