import { describe, expect, it } from 'vitest';
import { type Load, placeZone } from '../../core/node/placement.ts';
import type { Worker } from '../../core/node/worker.ts';

/** Workers with what they have: objects and roots. */
function workers(...loads: readonly (readonly [objects: number, ...roots: string[]])[]) {
  const all = loads.map((_, id) => ({ id, ready: true }) as Worker);
  const loadOf = ({ id }: Worker): Load => {
    const [objects, ...roots] = loads[id] as readonly [number, ...string[]];
    return { objects, roots: new Set(roots) };
  };
  return (root: string) => placeZone(all, root, loadOf).id;
}

describe('the worker for one more zone', () => {
  it('is the one with the fewest objects', () => {
    expect(workers([30, 'a'], [10, 'a'], [20, 'a'])('a')).toBe(1);
  });

  it('has no zones of other roots, as long as there is such a one', () => {
    const place = workers([30, 'a'], [10, 'b'], [0]);
    expect(place('a')).toBe(2);
    expect(workers([30, 'a'], [10, 'b'])('a')).toBe(0);
    expect(workers([30, 'a'], [10, 'b'])('c')).toBe(1);
    expect(workers([30, 'a', 'b'], [40, 'b'])('b')).toBe(1);
  });

  it('is ready', () => {
    expect(() => placeZone([], 'a', () => ({ objects: 0, roots: new Set() }))).toThrow('No worker is ready');
  });
});
