import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Grid } from '../../core/sync/grid.ts';

const width = 6_000;
const height = 4_000;
const side = 500;
const place = fc.record({ x: fc.integer({ min: -500, max: 6_500 }), y: fc.integer({ min: -500, max: 4_500 }) });

it('a view has the cell of everything within its radius inside the zone', () => {
  const grid = new Grid(width, height, side);
  const inside = fc.record({ x: fc.integer({ min: 0, max: width - 1 }), y: fc.integer({ min: 0, max: height - 1 }) });
  fc.assert(
    fc.property(inside, inside, fc.integer({ min: 0, max: 2_000 }), (eyes, thing, radius) => {
      fc.pre(Math.hypot(eyes.x - thing.x, eyes.y - thing.y) <= radius);
      expect(grid.view([], eyes.x, eyes.y, radius, radius)).toContain(grid.at(thing.x, thing.y));
    }),
  );
});

it('a cell is dropped only half a cell further than it was taken', () => {
  const grid = new Grid(width, height, side);
  fc.assert(
    fc.property(fc.array(place, { minLength: 1, maxLength: 20 }), (way) => {
      let cells: readonly number[] = [];
      for (const { x, y } of way) {
        const before = cells;
        cells = grid.view(before, x, y, 1_000, 1_250);
        const seen = new Set(cells);
        for (const cell of grid.view([], x, y, 1_000, 1_000)) expect(seen).toContain(cell);
        for (const cell of before) expect(seen.has(cell)).toBe(grid.distance(cell, x, y) <= 1_250);
        for (const cell of cells) expect(grid.distance(cell, x, y)).toBeLessThanOrEqual(1_250);
        expect(cells).toEqual([...cells].sort((a, b) => a - b));
        expect(grid.view(cells, x, y, 1_000, 1_250)).toBe(cells);
      }
    }),
  );
});
